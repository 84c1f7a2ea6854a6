import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HowLong, lasting, type Sighting } from '../../../src/rules/samples/lasting.ts';

const rule: HowLong = { for: 10, within: 20, samples: 3, clearFor: 4 };
/** Looks further apart are no neighbours. */
const near = 2;

const found = { b: 'bad', g: 'good', u: 'unknown' } as const;

/** One look at each moment: b(ad), g(ood), u(nknown); a dot for none. */
const looks = (said: string): Sighting[] =>
  [...said].flatMap((letter, at) => {
    const each = found[letter as keyof typeof found];
    return each ? [{ at, end: at, found: each, said: `at ${at}` }] : [];
  });
const track = (said: string, over: Partial<HowLong> = {}) => lasting(looks(said), near, { ...rule, ...over });
const trouble = (said: string, over: Partial<HowLong> = {}) => track(said, over).trouble;
const bad = (count: number): string => 'b'.repeat(count);

describe('how long something has been bad', () => {
  it('is the time between looks that found it so, and fires above `for`', () => {
    expect(trouble(bad(11))).toMatchObject({ badMs: 10, recentMs: 10, looks: 11, row: 11, since: 0, firing: false });
    expect(trouble(bad(12))).toMatchObject({ badMs: 11, firing: true, said: 'at 11', goodMs: undefined });
    expect(trouble('b')).toMatchObject({ badMs: 0, looks: 1 });
    expect(trouble('ggg')).toBeUndefined();
    expect(trouble('')).toBeUndefined();
  });

  it('fires only when enough looks found it', () => {
    const seldom = looks('b.b.b.b.b.b.b');
    expect(lasting(seldom, near, { ...rule, samples: 7 }).trouble?.firing).toBe(true);
    expect(lasting(seldom, near, { ...rule, samples: 8 }).trouble?.firing).toBe(false);
  });

  it('counts nothing between looks that are no neighbours, nor where one proved nothing', () => {
    expect(trouble('bb..bb')).toMatchObject({ badMs: 2, looks: 4, row: 2 });
    expect(trouble('bb.bb')).toMatchObject({ badMs: 4, row: 4 });
    expect(trouble('bbubb')).toMatchObject({ badMs: 2, row: 2 });
  });

  it('lasts until the next look that found it otherwise, where that one is a neighbour', () => {
    expect(trouble('bbbg')).toMatchObject({ badMs: 3, recentMs: 3, looks: 3, goodMs: 0 });
    expect(trouble('bbb.g')).toMatchObject({ badMs: 4 });
    expect(trouble('bbb..g')).toMatchObject({ badMs: 2 });
    expect(trouble('bbbug')).toMatchObject({ badMs: 2 });
    expect(trouble(`${bad(11)}g${bad(1)}`)).toMatchObject({ badMs: 11, recentMs: 11, firing: true });
    expect(trouble(`${bad(10)}g${bad(1)}`)).toMatchObject({ badMs: 10, recentMs: 10, firing: false });
  });

  it('adds up over the last `within` that was seen: what is short again and again is an outage, too', () => {
    const flapping = 'bbggg'.repeat(8);
    expect(trouble(`${flapping}b`)).toMatchObject({ badMs: 16, recentMs: 8, firing: false });
    const worse = 'bbbbbgg'.repeat(6);
    expect(trouble(`${worse}b`)).toMatchObject({ badMs: 30, recentMs: 14, firing: true });
  });

  it('leaves out what nobody saw: an hour of blindness ages nothing', () => {
    const blinded = `${bad(8)}uuuuu${bad(5)}`;
    expect(trouble(blinded)).toMatchObject({ recentMs: 11, firing: true });
  });

  it('counts as much of a stretch as still fits', () => {
    expect(trouble(bad(40))).toMatchObject({ badMs: 39, recentMs: 20 });
    expect(trouble(`${bad(10)}ggg${bad(9)}`)).toMatchObject({ badMs: 18, recentMs: 17 });
  });

  it('names the stretches that it counted, the newest first, from one look that found it to the last that did', () => {
    const recent = (said: string, over: Partial<HowLong> = {}) => trouble(said, over)?.recent;
    expect(recent(`${bad(11)}g`)).toEqual([{ from: 0, to: 10 }]);
    expect(recent('bb..bbb')).toEqual([
      { from: 4, to: 6 },
      { from: 0, to: 1 },
    ]);
    expect(recent(bad(40))).toEqual([{ from: 19, to: 39 }]);
    // Of the two moments until the next look only the latter still counts: nobody looked in it.
    const late = trouble(`b.${'g'.repeat(20)}`, { clearFor: 1_000 });
    expect(late).toMatchObject({ recentMs: 1, recent: [{ from: 0, to: 0 }] });
  });

  it('counts no looks of before the last `within`', () => {
    expect(trouble(`bbbg${bad(21)}`, { samples: 21 })).toMatchObject({ recentMs: 20, firing: true });
    expect(trouble(`bbbg${bad(21)}`, { samples: 22 })).toMatchObject({ recentMs: 20, looks: 24, firing: false });
  });

  it('begins anew where it was not seen for longer than `for`', () => {
    const apart = (gap: number) => lasting(looks(`${bad(5)}${'.'.repeat(gap - 1)}${bad(3)}`), near, rule).trouble;
    expect(apart(10)).toMatchObject({ since: 0, badMs: 6, recentMs: 6 });
    expect(apart(11)).toMatchObject({ since: 15, badMs: 2, recentMs: 2 });
    const rarely = lasting(looks('bbb............bbb'), 14, { ...rule, for: 1 }).trouble;
    expect(rarely).toMatchObject({ since: 0, row: 6 });
  });

  it('is measured from the end of a look to the beginning of the next', () => {
    const slow = (end: number) =>
      lasting(
        [
          { at: 0, end, found: 'bad', said: '' },
          { at: 10, end: 10, found: 'bad', said: '' },
        ],
        near,
        rule,
      ).trouble;
    expect(slow(8)).toMatchObject({ badMs: 10 });
    expect(slow(7)).toMatchObject({ badMs: 0 });
  });
});

describe('trouble that is over', () => {
  it('is pending until it was well for `clearFor` without a break', () => {
    expect(trouble(`${bad(12)}gggg`)).toMatchObject({ goodMs: 3, firing: false, since: 0 });
    expect(trouble(`${bad(12)}ggggg`)).toBeUndefined();
    expect(trouble(`${bad(12)}gggubgg`)).toMatchObject({ goodMs: 1, since: 0 });
    expect(trouble(`${bad(12)}ggugg`)).toMatchObject({ goodMs: 1 });
  });

  it('is forgotten by the next one, but not its length within the last `within`', () => {
    const again = trouble(`${bad(8)}ggggg${bad(6)}`);
    expect(again).toMatchObject({ since: 13, badMs: 5, looks: 6, recentMs: 13, firing: true });
    expect(trouble(`${bad(8)}gggg${bad(6)}`)).toMatchObject({ since: 12, badMs: 5, looks: 6, recentMs: 13 });
    expect(trouble(`${bad(8)}ggg${bad(6)}`)).toMatchObject({ since: 0, badMs: 13, looks: 14, recentMs: 13 });
  });

  it('says since when it has been well without a break', () => {
    expect(track(`${bad(3)}gggg`).goodSince).toBe(3);
    expect(track('ggbgg').goodSince).toBe(3);
    expect(track('gg...gg').goodSince).toBe(5);
    expect(track('ggb').goodSince).toBeUndefined();
  });
});

describe('whatever is seen', () => {
  const story = fc.array(fc.constantFrom('b', 'g', 'u', '.'), { maxLength: 80 });

  it('is never less trouble for one more bad look instead of a good one', () => {
    fc.assert(
      fc.property(story, fc.nat(79), (said, index) => {
        if (said[index] !== 'g') return;
        const worse = said.with(index, 'b').join('');
        if (trouble(said.join(''))?.firing) expect(trouble(worse)?.firing).toBe(true);
        expect(trouble(worse)?.badMs ?? 0).toBeGreaterThanOrEqual(trouble(said.join(''))?.badMs ?? 0);
      }),
    );
  });

  it('never fires by blindness alone, and never grows longer by not looking', () => {
    fc.assert(
      fc.property(story, fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }), (said, hidden) => {
        const less = said.map((each, index) => (each === 'b' && hidden[index] ? 'u' : each)).join('');
        const never = { clearFor: 1_000 };
        expect(trouble(less, never)?.badMs ?? 0).toBeLessThanOrEqual(trouble(said.join(''), never)?.badMs ?? 0);
        expect(trouble(said.join('').replaceAll('b', 'u'))).toBeUndefined();
      }),
    );
  });
});
