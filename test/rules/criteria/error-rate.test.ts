import { describe, expect, it } from 'vitest';
import { theRest } from '../../../src/model/request-slot.ts';
import type { Verdict } from '../../../src/model/verdict.ts';
import { judgeLooks } from '../judging.ts';
import {
  eyes,
  healthLook,
  hour,
  isolationLook,
  logLook,
  minute,
  ownLook,
  prometheusLook,
  rounds,
  rules,
  type SlotSaid,
  slots,
  times,
  unseen,
} from '../looks.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';
type Over = Parameters<typeof judgeLooks>[3];

/** Stretches of so long one after another, with the same in each slot; `undefined`: nothing. */
type Part = readonly [ms: number, said: SlotSaid | undefined];
const told = (parts: readonly Part[]) => {
  let from = 0;
  return parts.flatMap(([ms, said]) => {
    const found = said ? slots(from, from + ms, said) : [];
    from += ms;
    return found;
  });
};
const lengthOf = (parts: readonly Part[]) => parts.reduce((sum, [ms]) => sum + ms, 0);

const real = (parts: readonly Part[], name: Name = 'error-rate-severe', over: Over = {}): Verdict => {
  const now = lengthOf(parts);
  return judgeLooks(name, [logLook(now, told(parts))], now, over);
};
/** 10 requests a slot, of which so many fail. */
const failing = (errors: number): SlotSaid => ({ requests: 10, errors });

describe('the share of requests that fail', () => {
  it('is a breach above the threshold by more than chance, and says so with the numbers', () => {
    const verdict = real([
      [10 * minute, failing(0)],
      [3 * minute, failing(5)],
    ]);
    expect(verdict).toMatchObject({ verdict: 'breach', tier: 'severe', value: 0.5, threshold: 0.1, unit: 'share' });
    expect(verdict).toMatchObject({ measure: 'error-rate', samples: 360, windowMs: 3 * minute, tenants: [] });
    expect(verdict.since).toBe(10 * minute + 5_000);
    expect(verdict.reason).toBe('180 of 360 requests failed in 3m (50%, threshold 10%) since 1970-01-01T00:10:05Z');
  });

  it('is pending while it rises, and may be chance', () => {
    const rising = (requests: number) =>
      real([
        [10 * minute, failing(0)],
        [minute, { requests, errors: requests }],
      ]);
    expect(rising(3)).toMatchObject({ verdict: 'pending', value: 36 / 276, tenants: [] });
    expect(rising(3).reason).toBe(
      '36 of 276 requests failed in 3m (13.04%, threshold 10%): too short or too few so far to be sure',
    );
    expect(rising(2).verdict).toBe('clear');
    expect(real([[minute, { requests: 1, errors: 1 }]]).verdict).toBe('pending');
    const once = slots(0, 5_000, { requests: 1, errors: 1 });
    const few = (count: number) =>
      judgeLooks('error-rate-severe', [logLook(minute, times(count, once).flat())], minute).verdict;
    expect([few(1), few(2)]).toEqual(['clear', 'pending']);
  });

  it('is severe above ten in a hundred, moderate above five, and silent at each itself', () => {
    const steady = (errors: number, name: Name) => real([[30 * minute, { requests: 100, errors }]], name).verdict;
    expect([10, 12].map((errors) => steady(errors, 'error-rate-severe'))).toEqual(['clear', 'breach']);
    expect([5, 6].map((errors) => steady(errors, 'error-rate-moderate'))).toEqual(['clear', 'breach']);
    expect(steady(7, 'error-rate-severe')).toBe('clear');
  });

  it('is one question: what is severe is not moderate, too', () => {
    const verdict = real([[3 * minute, failing(5)]], 'error-rate-moderate');
    expect(verdict).toMatchObject({ verdict: 'pending', reason: 'worse than moderate: see error-rate-severe' });
    expect(verdict.measure).toBe('error-rate');
  });

  it('is moderate on its own only while no more fail than is moderate', () => {
    const moderate = (errors: number, last = errors) =>
      real(
        [
          [29 * minute, { requests: 100, errors }],
          [minute, { requests: 100, errors: last }],
        ],
        'error-rate-moderate',
      );
    expect(moderate(10).verdict).toBe('breach');
    const deferred = { verdict: 'pending', reason: 'worse than moderate: see error-rate-severe' };
    expect(moderate(7, 25)).toMatchObject(deferred);
    expect(moderate(7, 16).verdict).toBe('breach');
  });

  it('waits for what is likely to be severe, and not for what may be as well below', () => {
    const steady = (errors: number, ms: number) =>
      real([[ms, { requests: 27, errors }]], 'error-rate-moderate').verdict;
    // 11.1 %: as likely below 10 % in truth as above.
    expect(steady(3, 3 * minute)).toBe('breach');
    // 14.8 % is likely severe, and proven after some more.
    expect([steady(4, 3 * minute), steady(4, 10 * minute)]).toEqual(['pending', 'pending']);
  });

  it('is over when the newest requests are well, and resolved when that is no chance', () => {
    const later = (ms: number, errors: number) =>
      real([
        [3 * minute, failing(5)],
        [ms, failing(errors)],
      ]);
    expect(later(30_000, 1)).toMatchObject({ verdict: 'breach' });
    expect(later(30_000, 0)).toMatchObject({ verdict: 'pending', since: 5_000 });
    expect(later(30_000, 0).reason).toMatch(/; the newest requests are well, not yet resolved$/);
    expect(later(4 * minute, 0)).toMatchObject({ verdict: 'clear', value: 0 });
  });

  it('shows the window that fired, or the shortest with fifty requests', () => {
    const quiet = (requests: number) => real([[30 * minute, { requests }]]).windowMs;
    expect(quiet(2)).toBe(3 * minute);
    const rare = (slotsWith: number) => {
      const each = slots(0, 30 * minute, { requests: 1 });
      return judgeLooks('error-rate-severe', [logLook(30 * minute, each.slice(-slotsWith))], 30 * minute);
    };
    expect(rare(36)).toMatchObject({ samples: 36, windowMs: 30 * minute });
    const dense = slots(0, 30 * minute, { requests: 1 }).filter((_, index) => index % 2 === 0);
    expect(judgeLooks('error-rate-severe', [logLook(30 * minute, dense)], 30 * minute)).toMatchObject({
      samples: 60,
      windowMs: 10 * minute,
    });
    const fifty = slots(27 * minute, 30 * minute, { requests: 50 }).slice(0, 1);
    expect(judgeLooks('error-rate-severe', [logLook(30 * minute, fifty)], 30 * minute)).toMatchObject({
      samples: 50,
      windowMs: 3 * minute,
    });
  });

  it('counts only from the given moment on', () => {
    const parts: Part[] = [
      [10 * minute, failing(5)],
      [minute, failing(0)],
    ];
    expect(real(parts, 'error-rate-severe', { judgedFrom: 10 * minute }).verdict).toBe('clear');
    expect(real(parts, 'error-rate-severe', { judgedFrom: 5 * minute }).since).toBeGreaterThanOrEqual(5 * minute);
  });

  it('counts no slot that is not complete', () => {
    const all = slots(0, 4 * minute, failing(5));
    const read = (at: number) => judgeLooks('error-rate-severe', [logLook(at, all)], at + 10_000).verdict;
    expect([read(3 * minute), read(10_000)]).toEqual(['breach', 'pending']);
  });
});

describe('whose requests fail', () => {
  const judged = (tenants: NonNullable<SlotSaid['tenants']>, over: Over = {}, more: SlotSaid = {}) =>
    real([[3 * minute, { tenants, ...more }]], 'error-rate-severe', over);

  it('is named where they are known, and their own requests show it', () => {
    expect(
      judged({ kopi: [10, 4], negoes: [10, 4], warung: [10, 1], made_up: [10, 9], [theRest]: [5, 5] }),
    ).toMatchObject({
      verdict: 'breach',
      tenants: ['kopi', 'negoes'],
    });
  });

  it('is one tenant alone where the others are well: told, and no reason for a rollback', () => {
    const verdict = judged({ kopi: [10, 10], negoes: [10, 0], warung: [10, 0] });
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-tenant', told: true, tenants: ['kopi'] });
    expect(verdict.reason).toMatch(/; only kopi is affected: one tenant is no reason for a rollback$/);
  });

  it('is one tenant alone where nobody else asks, too: it proves nothing of the application', () => {
    const verdict = judged({ kopi: [10, 10] });
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'only-one-seen', tenants: ['kopi'] });
    expect(verdict.reason).toMatch(/only kopi sent requests, and they failed/);
    expect(judged({ kopi: [10, 10] }, { tenants: new Set(['kopi']) }).verdict).toBe('breach');
    expect(judged({ kopi: [10, 10] }, { tenants: new Set(['negoes']) }).verdict).toBe('exempt');
  });

  it('is everybody’s where others fail too, and where nobody knows whose they are', () => {
    expect(judged({ kopi: [10, 9], negoes: [10, 2] }).verdict).toBe('breach');
    expect(judged({ kopi: [10, 9], negoes: [25, 2] }).verdict).toBe('exempt');
    expect(judged({ kopi: [10, 9], negoes: [24, 2] }).verdict).toBe('breach');
    expect(judged({ [theRest]: [10, 10], negoes: [10, 0] })).toMatchObject({ verdict: 'breach', tenants: [] });
    expect(judged({}, {}, failing(5)).verdict).toBe('breach');
    expect(judged({ kopi: [4, 4] }, {}, { requests: 20, errors: 12 }).verdict).toBe('breach');
  });
});

describe('one tenant’s severe trouble', () => {
  /** kopi fails all the time, and so many of a hundred requests of each of the others do. */
  const beside = (errors: number): SlotSaid => ({
    tenants: { kopi: [40, 40], negoes: [100, errors], warung: [100, errors] },
  });
  const judged = (errors: number) => {
    const parts: Part[] = [[30 * minute, beside(errors)]];
    return [real(parts), real(parts, 'error-rate-moderate')] as const;
  };

  it('hides no moderate trouble of the others, which is judged without that tenant', () => {
    const [severe, moderate] = judged(7);
    expect(severe).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-tenant', tenants: ['kopi'] });
    expect(moderate).toMatchObject({ verdict: 'breach', value: 0.07, samples: 7_200, tenants: ['negoes', 'warung'] });
  });

  it('is no moderate trouble of theirs where they are well', () => {
    const [severe, moderate] = judged(3);
    expect(severe.verdict).toBe('exempt');
    expect(moderate).toMatchObject({ verdict: 'clear', value: 0.03, tenants: [] });
  });

  it('leaves nobody out where another has severe trouble as well, or only a cache mixes tenants up', () => {
    const all: SlotSaid = { tenants: { kopi: [10, 5], negoes: [10, 5], warung: [10, 0] } };
    expect(real([[3 * minute, all]])).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes'] });
    expect(real([[3 * minute, all]], 'error-rate-moderate')).toMatchObject({ verdict: 'pending', samples: 1_080 });
    const now = 30 * minute;
    const leaks = [1, 2, 3].map((count) => isolationLook('leak', now - count * 30_000, { via: 'balancer' }));
    const some: SlotSaid = { tenants: { kopi: [100, 7], negoes: [100, 7], warung: [100, 7] } };
    const looks = [...leaks, logLook(now, slots(0, now, some))];
    expect(judgeLooks('cross-tenant-leak', looks, now)).toMatchObject({
      verdict: 'exempt',
      tenants: ['negoes', 'warung'],
    });
    expect(judgeLooks('error-rate-moderate', looks, now)).toMatchObject({ verdict: 'breach', samples: 10_800 });
  });

  it('stays that tenant’s when nobody has asked since, or hardly anybody', () => {
    const alone: SlotSaid = { tenants: { kopi: [10, 10], negoes: [10, 0], warung: [10, 0] } };
    const well: SlotSaid = { tenants: { kopi: [10, 0], negoes: [10, 0], warung: [10, 0] } };
    const later = (ms: number, said?: SlotSaid) =>
      real([
        [10 * minute, well],
        [3 * minute, alone],
        [ms, undefined],
        [5_000, said],
      ]);
    const exempt = { verdict: 'exempt', exemptBecause: 'one-tenant', tenants: ['kopi'] };
    expect(later(170_000)).toMatchObject({ ...exempt, value: 1 / 3, samples: 30 });
    // Nothing is left in the window: it is said as it was when it fired last.
    expect(later(3 * minute)).toMatchObject({ ...exempt, value: 1 / 3, samples: 930 });
    expect(later(3 * minute, { tenants: { negoes: [1, 0] } })).toMatchObject({ ...exempt, value: 0, samples: 1 });
  });

  it('is everybody’s when others have begun to fail since', () => {
    const slot = (kopi: number, others: number): SlotSaid => ({
      tenants: { kopi: [10, kopi], negoes: [10, others], warung: [10, others] },
    });
    const verdict = real([
      [10 * minute, slot(0, 0)],
      [3 * minute, slot(10, 0)],
      [2 * minute, slot(0, 0)],
      [30_000, slot(0, 10)],
    ]);
    expect(verdict).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes', 'warung'] });
  });

  it('is that tenant’s by what counts: what another application did to the others is none of it', () => {
    const before: SlotSaid = { tenants: { kopi: [10, 0], negoes: [10, 9], warung: [10, 9] } };
    const after: SlotSaid = { tenants: { kopi: [10, 10], negoes: [10, 0], warung: [10, 0] } };
    const parts: Part[] = [
      [10 * minute, before],
      [2 * minute, after],
    ];
    expect(real(parts, 'error-rate-severe', { judgedFrom: 10 * minute })).toMatchObject({
      verdict: 'exempt',
      tenants: ['kopi'],
    });
  });
});

describe('rollbackd’s own requests', () => {
  const now = 10 * minute;
  const own = (errors: number) =>
    ownLook(now, slots(0, now, { requests: 4, errors, tenants: { kopi: [2, errors / 2], negoes: [2, errors / 2] } }));
  const judge = (...looks: Parameters<typeof judgeLooks>[1]) =>
    judgeLooks('error-rate-severe', [...eyes(0, now), ...looks], now);

  it('raise trouble where there are no real ones, and say whose they are', () => {
    const verdict = judge(own(2));
    expect(verdict).toMatchObject({ verdict: 'breach', value: 0.5, samples: 144 });
    expect(verdict.reason).toMatch(/^72 of 144 of rollbackd's own requests failed in 3m/);
  });

  it('raise it where real ones fail too, and not against real ones that go well', () => {
    const real = (errors: number) => logLook(now, slots(0, now, { requests: 10, errors }));
    const against = judge(own(2), real(0));
    expect(against).toMatchObject({ verdict: 'inconclusive', told: true });
    expect(against.reason).toMatch(
      /, but users are served well: 0 of 360 requests failed .*\. Look at the way rollbackd asks$/,
    );
    const alike = judge(own(2), real(1));
    expect(alike.verdict).toBe('breach');
    expect(alike.samples).toBe(144);
  });

  it('never end what real ones began', () => {
    const began = (at: number) => {
      const well = ownLook(at, slots(0, at, { requests: 4 }));
      const log = logLook(at, slots(0, 4 * minute, failing(5)));
      return judgeLooks('error-rate-severe', [...eyes(0, at), well, log], at);
    };
    // The window of ten minutes fires until its newest part is without requests, and then nothing does for three minutes.
    const last = 4 * minute - 5_000 + 100_000;
    expect(began(last + 3 * minute - 5_000).verdict).toBe('breach');
    expect(began(last + 3 * minute)).toMatchObject({ verdict: 'pending', since: 5_000 });
    const later = began(20 * minute);
    expect(later).toMatchObject({ verdict: 'inconclusive' });
    expect(later.reason).toMatch(/^no requests lately; until then 240 of 480 requests failed/);
  });

  it('give no all-clear while the log cannot be read', () => {
    const blind = judge(own(0), unseen('requests', minute));
    expect(blind).toMatchObject({ verdict: 'inconclusive' });
    expect(blind.reason).toBe("the log of requests cannot be read: rollbackd's own requests alone give no all-clear");
    const last = (at: number) => judge(own(0), logLook(at, []), unseen('requests', at + 5_000)).reason;
    expect(last(now - 20_000)).toMatch(/^0 of 144 of rollbackd's own/);
    expect(last(now - 20_001)).toBe(
      "the log of requests has not been read since 1970-01-01T00:09:39Z: rollbackd's own requests alone give no all-clear",
    );
    expect(judge(own(2), unseen('requests', minute)).verdict).toBe('breach');
  });

  it('give one where nothing else is asked for', () => {
    expect(judge(own(0))).toMatchObject({ verdict: 'clear', samples: 144 });
    expect(judge()).toMatchObject({
      verdict: 'inconclusive',
      reason: "no requests lately, neither real ones nor rollbackd's own",
      value: 0,
    });
  });

  it('count only while rollbackd itself saw well', () => {
    const offline = (from: number, to: number) =>
      eyes(0, now).map((look) => (look.at >= from && look.at < to ? unseen('control', look.at, 'offline') : look));
    const judged = (from: number, to: number) => judgeLooks('error-rate-severe', [...offline(from, to), own(2)], now);
    expect(judged(0, now + 1)).toMatchObject({ verdict: 'inconclusive', samples: 0 });
    expect(judged(9 * minute, 9 * minute + 1).samples).toBe(116);
    expect(judgeLooks('error-rate-severe', [own(2)], now)).toMatchObject({ verdict: 'inconclusive', samples: 0 });
  });
});

describe('silence', () => {
  const now = 30 * minute;
  const judge = (open: number, quietFrom = 20 * minute) =>
    judgeLooks('error-rate-severe', [logLook(now, slots(0, quietFrom, { requests: 10 }), open)], now);

  it('is no quiet while many connections to the application are open', () => {
    const verdict = judge(12);
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toBe(
      'no requests lately while 12 connections to the application are open: that is not quiet',
    );
    expect(judge(11).reason).toMatch(/neither real ones nor rollbackd's own$/);
    expect(judge(0).reason).toMatch(/neither real ones nor rollbackd's own$/);
  });

  it('is that of the second shortest window', () => {
    expect(judge(0, 20 * minute + 5_000).verdict).toBe('clear');
    expect(judge(0, 20 * minute).verdict).toBe('inconclusive');
  });
});

describe('errors while the application is down as a whole', () => {
  it('are that outage, until it was down for `errorsAfter`', () => {
    const judge = (looks: number, errors = 10) => {
      const now = looks * 10_000;
      const down = {
        application: { outcome: 'down', why: 'refused', tookMs: 1 },
        balancer: { outcome: 'down', why: 'refused', tookMs: 1 },
        vantage: { listening: false },
      } as const;
      const seen = [healthLook(down, 0), ...rounds(times(looks, down))];
      return judgeLooks('error-rate-severe', [...seen, logLook(now, slots(0, now, { requests: 10, errors }))], now);
    };
    expect(judge(19)).toMatchObject({
      verdict: 'pending',
      reason: 'the application is down as a whole since 1970-01-01T00:00:00Z: its errors are that outage',
    });
    expect(judge(26).verdict).toBe('breach');
  });
});

describe('what Prometheus measures', () => {
  const share = (value: number, more = {}) => ({ query: 'errors', measure: 'error-rate', value, ...more }) as const;
  const judge = (count: number, ...series: ReturnType<typeof share>[]) => {
    const looks = Array.from({ length: count }, (_, index) => prometheusLook(index * 15_000, ...series));
    return judgeLooks('error-rate-severe', looks, count * 15_000);
  };

  it('raises trouble when it lasts for the shortest window', () => {
    expect(judge(13, share(0.2))).toMatchObject({ verdict: 'pending' });
    const verdict = judge(14, share(0.2));
    expect(verdict.verdict).toBe('breach');
    expect(verdict.reason).toBe(
      'Prometheus says errors: 0.2, above the threshold for 3m15s since 1970-01-01T00:00:00Z',
    );
    expect(judge(14, share(0.1))).toMatchObject({
      verdict: 'clear',
      reason: 'Prometheus says well since 1970-01-01T00:00:00Z',
    });
  });

  it('is that of the whole application, by the worst query', () => {
    expect(judge(14, share(0.2, { tenant: 'kopi' }), share(0.3, { route: 'menu' })).verdict).toBe('inconclusive');
    expect(judge(14, share(0.01), share(0.2)).verdict).toBe('breach');
    expect(judge(14, { ...share(0.2), measure: 'latency' } as never).verdict).toBe('inconclusive');
  });

  it('is said in its own numbers, and beside what the log says', () => {
    expect(judge(14, share(0.2), share(0.3, { query: 'other' }))).toMatchObject({
      value: 0.3,
      threshold: 0.1,
      unit: 'share',
      samples: 14,
      windowMs: 195_000,
    });
    const looks = Array.from({ length: 14 }, (_, index) => prometheusLook(index * 15_000, share(0.2)));
    const well = logLook(210_000, slots(0, 210_000, { requests: 20 }));
    const { verdict, reason } = judgeLooks('error-rate-severe', [...looks, well], 210_000);
    expect(verdict).toBe('breach');
    expect(reason).toMatch(/; the log shows users served well: 0 of \d+ requests failed in 3m /);
  });

  it('asks nobody about a moderate share while a severe one lasts, though not yet for long enough', () => {
    const looks = [...times(1, 0.07), ...times(14, 0.3)].map((value, index) =>
      prometheusLook(index * 15_000, share(value)),
    );
    const judged = (name: 'error-rate-severe' | 'error-rate-moderate', count: number) =>
      judgeLooks(name, looks.slice(0, count), count * 15_000).verdict;
    expect([judged('error-rate-severe', 14), judged('error-rate-moderate', 14)]).toEqual(['pending', 'pending']);
    expect([judged('error-rate-severe', 15), judged('error-rate-moderate', 15)]).toEqual(['breach', 'pending']);
  });

  it('is over when it was well for as long, where nobody else tells of requests', () => {
    const looks = [...times(14, 0.2), ...times(13, 0)].map((value, index) =>
      prometheusLook(index * 15_000, share(value)),
    );
    const judged = (count: number) => judgeLooks('error-rate-severe', looks.slice(0, count), count * 15_000).verdict;
    expect([judged(14), judged(15), judged(26)]).toEqual(['breach', 'pending', 'pending']);
    expect(judged(27)).toBe('clear');
    const silent = judgeLooks('error-rate-severe', looks, 26 * 15_000 + 120_001).verdict;
    expect(silent).toBe('inconclusive');
  });

  it('is well only when it was so for as long: one good answer after a silence is none', () => {
    const good = (count: number) => {
      const bad = Array.from({ length: 14 }, (_, index) => prometheusLook(index * 15_000, share(0.2)));
      const from = 14 * 15_000 + 300_000;
      const later = Array.from({ length: count }, (_, index) => prometheusLook(from + index * 15_000, share(0)));
      return judgeLooks('error-rate-severe', [...bad, ...later], from + (count - 1) * 15_000).verdict;
    };
    expect([good(1), good(12), good(13)]).toEqual(['inconclusive', 'inconclusive', 'clear']);
  });

  it('counts only from the given moment on, and not between answers that are no neighbours', () => {
    const looks = Array.from({ length: 14 }, (_, index) => prometheusLook(index * 15_000, share(0.2)));
    expect(judgeLooks('error-rate-severe', looks, 210_000, { judgedFrom: 15_000 }).verdict).toBe('pending');
    const gone = (gap: number) =>
      judgeLooks(
        'error-rate-severe',
        [...looks.slice(0, 4), ...looks.slice(0, 4).map((look) => ({ ...look, at: look.at + 45_000 + gap }))],
        90_000 + gap,
      ).verdict;
    expect([gone(120_000), gone(120_001)]).toEqual(['breach', 'pending']);
  });

  it('may be asked as seldom as somebody likes, and says nothing when it has fallen silent', () => {
    const looks = [0, 1, 2, 3].map((index) => prometheusLook(index * 300_000, share(0.2)));
    const judged = (now: number) => judgeLooks('error-rate-severe', looks, now);
    expect(judged(1_200_000).verdict).toBe('breach');
    expect(judged(900_000 + 900_000).verdict).toBe('breach');
    const later = judged(900_000 + 900_001);
    expect(later.verdict).toBe('inconclusive');
    expect(later.reason).toMatch(
      /^Prometheus has said nothing of it since 1970-01-01T00:15:00Z; until then Prometheus says errors: 0.2/,
    );
  });
});

it('judges by its own settings', () => {
  expect(rules['error-rate-severe']).toEqual({ above: 0.1, clear: 0.08 });
  expect(rules['error-rate-moderate']).toEqual({ above: 0.05, clear: 0.04 });
  expect(rules.requests).toEqual({
    slot: 5_000,
    windows: [
      { over: 3 * minute, odds: 10_000, failures: 8, parts: 6, halfOdds: 3 },
      { over: 10 * minute, odds: 1_000, failures: 8, parts: 5, halfOdds: 3 },
      { over: hour / 2, odds: 300, failures: 8, parts: 5, halfOdds: 3 },
      { over: hour / 2, odds: 5, failures: 30, parts: 4, halfOdds: 1 },
    ],
    clearOdds: 20,
  });
});
