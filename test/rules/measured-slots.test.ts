import { describe, expect, it } from 'vitest';
import { type Measure, measuredSlots, recentOf } from '../../src/rules/windows/measured-slots.ts';
import { rules } from './looks.ts';
import { minutes, slot, times, type Watched } from './request-slots.ts';

const busy = { requests: 50 };
const own = { requests: 10 };
const share: Measure = {
  of: ({ errors, requests }, _source, enough) => errors / Math.max(requests, enough),
  above: 0.1,
  clear: 0.08,
};

function measured(watched: Watched, { late = 0, from = 0 } = {}) {
  const { windows, now } = minutes(watched);
  return [...measuredSlots(windows, rules.requests, share, now + late, from)];
}
/** The newest first. */
const sources = (watched: Watched) =>
  measured(watched).map(({ value, source }) => (value === undefined ? 'nothing' : source));
const values = (watched: Watched) => measured(watched).map(({ value }) => value);
const counted = { ...rules.requests, above: share.above };
const doubts = (watched: Watched) => measured(watched).map(({ doubt }) => doubt);

describe('what a slot proves', () => {
  it('is told from the newest back, once a slot is over and its log must have been read', () => {
    expect(measured({ real: times(3, busy) }).map(({ at }) => at / slot)).toEqual([2, 1, 0]);
    expect(measured({ real: times(3, busy) }, { late: -1 }).map(({ at }) => at / slot)).toEqual([1, 0]);
  });

  it('rests on real requests where there are enough of them, else on rollbackd’s own, else on nothing', () => {
    const few = { requests: 4 };
    expect(sources({ real: [busy], own: [own] })).toEqual(['real']);
    expect(sources({ real: [few, undefined, few], own: [own, { requests: 9 }, own] })).toEqual([
      'synthetic',
      'nothing',
      'synthetic',
    ]);
  });

  it('is nothing for rollbackd’s own requests while its own network was gone, just before and just after', () => {
    expect(sources({ own: times(5, own), offline: [2] })).toEqual([
      'synthetic',
      'nothing',
      'nothing',
      'nothing',
      'synthetic',
    ]);
    expect(sources({ real: times(3, busy), own: times(3, own), offline: [0, 1, 2] })).toEqual(times(3, 'real'));
  });

  it('counts from the first whole slot after the given moment', () => {
    expect(measured({ real: times(5, busy) }, { from: slot + 1 }).map(({ at }) => at / slot)).toEqual([4, 3, 2]);
  });

  it('says nothing of slots that nobody told of, in between and since', () => {
    const seen = measured({ real: [busy, undefined, busy] }, { late: 2 * slot });
    expect(seen.map(({ counts }) => counts?.requests)).toEqual([undefined, undefined, 50, undefined, 50]);
    expect(measured({}, { late: 100 * slot })).toEqual([]);
  });
});

describe('few real requests', () => {
  const failing = (errors: number, requests: number) => ({ errors, requests });

  it('prove trouble where it would be that even with all that are missing answered well', () => {
    expect(values({ real: [failing(45, 45)] })).toEqual([1]);
    expect(values({ real: [failing(6, 6)] })).toEqual([1]);
    expect(values({ real: [failing(5, 5)] })).toEqual([undefined]);
  });

  it('are taken together with those of up to ten slots, and prove trouble only while it goes on', () => {
    expect(values({ real: times(3, failing(3, 3)) })).toEqual([1, 1, undefined]);
    expect(values({ real: [failing(20, 20), failing(0, 5), failing(0, 5)] })).toEqual([undefined, undefined, 1]);
    const far = [failing(3, 3), ...times(9, undefined), failing(3, 3)];
    expect(values({ real: far })[0]).toBeUndefined();
  });

  it('prove that all is well where there are enough together', () => {
    const quiet = times(6, failing(0, 10));
    expect(sources({ real: quiet })).toEqual(['real', 'real', ...times(4, 'nothing')]);
    expect(values({ real: [failing(20, 40), ...times(3, failing(0, 40))] })).toEqual([0, 0, undefined, 0.5]);
  });

  it('prove trouble that so many before them, which were well, do not hide', () => {
    expect(values({ real: [{ requests: 600 }, failing(6, 6)] })[0]).toBe(1);
    expect(values({ real: [{ requests: 600 }, ...times(2, failing(3, 3))] })[0]).toBe(1);
    expect(values({ real: [{ requests: 600 }, failing(5, 5)] })[0]).toBeUndefined();
  });

  it('that are well make an all-clear of rollbackd’s own strong, once nothing else is left of shortly before', () => {
    const weak = (watched: Watched) => measured(watched).map((each) => each.weak);
    const well = failing(0, 4);
    expect(weak({ real: times(2, well), own: times(2, own) })).toEqual([false, true]);
    expect(weak({ real: [failing(20, 40), well, well], own: times(3, own) }).slice(0, 2)).toEqual([true, true]);
    expect(weak({ real: [well, well, undefined], own: times(3, own) })[0]).toBe(false);
    expect(weak({ real: [well, well], own: times(2, failing(5, 10)) })).toEqual([true, true]);
  });

  it('that fail keep rollbackd’s own from giving an all-clear, and not from telling of trouble', () => {
    const few = failing(1, 5);
    expect(values({ real: [few], own: [own] })).toEqual([undefined]);
    expect(doubts({ real: [few], own: [own] })).toEqual(['contradicted']);
    expect(values({ real: [few], own: [failing(5, 10)] })).toEqual([0.5]);
  });
});

describe('a log of real requests that cannot be read', () => {
  it('keeps rollbackd’s own from giving an all-clear, and not from telling of trouble', () => {
    const real = [busy, undefined, undefined];
    const watched = { real, own: [own, own, { requests: 10, errors: 5 }], unread: [1, 2] };
    expect(values(watched)).toEqual([0.5, undefined, 0]);
    expect(doubts({ ...watched, own: times(3, own) })).toEqual(['unread', 'unread', undefined]);
    expect(doubts({ real: times(2, undefined), own: times(2, own), unread: [0, 1] })).toEqual(times(2, 'unread'));
  });

  it('is read on from where it was left, so that a short while takes nothing away', () => {
    expect(sources({ real: [busy, busy, busy], own: times(3, own), unread: [1] })).toEqual([
      'real',
      'synthetic',
      'real',
    ]);
  });
});

describe('silence after many real requests', () => {
  const cut = { real: [{ requests: 500 }, { requests: 500 }, undefined, undefined], own: times(4, own) };

  it('while many connections to the application are open gives no all-clear', () => {
    expect(doubts({ ...cut, openUpstream: 400 })).toEqual(['waiting', 'waiting', undefined, undefined]);
    expect(sources({ ...cut, openUpstream: 400 })).toEqual(['nothing', 'nothing', 'real', 'real']);
  });

  it('is quiet with no more connections open than are kept for reuse, and where traffic had ebbed away', () => {
    expect(sources({ ...cut, openUpstream: 16 }).slice(0, 2)).toEqual(['synthetic', 'synthetic']);
    const ebbing = { real: [busy, ...times(4, { requests: 4 }), undefined], own: times(6, own), openUpstream: 40 };
    expect(sources(ebbing)[0]).toBe('synthetic');
  });
});

describe('the newest slots as one', () => {
  const calm = { state: 'clear', strong: false } as const;
  const asOne = (watched: Watched) => recentOf(measured(watched), counted, calm);

  it('are those that prove something, as many as make a breach, over short gaps', () => {
    const seen = { real: [{ requests: 60 }, { requests: 70 }, undefined, { requests: 80 }, { requests: 90 }] };
    expect(asOne(seen)).toMatchObject({ counts: { requests: 240, at: slot }, source: 'real' });
    expect(asOne({ own: times(2, own) })).toMatchObject({ counts: { requests: 20 }, source: 'synthetic' });
    expect(recentOf([], counted, calm)).toBeUndefined();
  });

  it('are none from long before, and none of the other source', () => {
    const real = [busy, busy, ...times(100, undefined), busy];
    expect(asOne({ real })).toMatchObject({ counts: { requests: 50 } });
    expect(asOne({ real: [busy, busy, undefined], own: times(3, own) })).toMatchObject({
      counts: { requests: 10 },
      source: 'synthetic',
    });
  });

  it('are real ones while the trouble is theirs', () => {
    const failing = { ...busy, errors: 25 };
    const seen = { real: [failing, failing, undefined], own: times(3, own) };
    const trouble = { state: 'breach', strong: true } as const;
    expect(recentOf(measured(seen), counted, trouble)).toMatchObject({
      counts: { requests: 100 },
      source: 'real',
    });
  });

  it('are rollbackd’s own where those fail anew after the real ones have gone: nothing of long ago stands beside a new time', () => {
    const failing = { ...busy, errors: 50 };
    const real = [failing, failing, failing, ...times(8, undefined)];
    const seen = { real, own: [...times(8, own), ...times(3, { requests: 10, errors: 10 })] };
    const trouble = { state: 'breach', strong: true } as const;
    expect(recentOf(measured(seen), counted, trouble)).toMatchObject({ counts: { requests: 30 }, source: 'synthetic' });
  });

  it('come with what the others of those slots say', () => {
    const few = { requests: 5, errors: 0 };
    expect(asOne({ real: times(3, busy), own: times(3, own) })?.beside).toMatchObject({ requests: 30 });
    expect(asOne({ real: times(3, few), own: times(3, own) })?.beside).toMatchObject({ requests: 15 });
  });
});
