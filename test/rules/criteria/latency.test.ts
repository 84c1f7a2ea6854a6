import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/model/verdict.ts';
import { baselineAt, type LatencyBaseline } from '../../../src/rules/latency-baseline.ts';
import { judgeLooks } from '../judging.ts';
import { eyes, hour, logLook, minute, ownLook, prometheusLook, rules, type SlotSaid, slots } from '../looks.ts';

type Name = 'latency-severe' | 'latency-moderate';

const of = (p95: number) => ({ p95, source: 'legacy log' });
const baseline: LatencyBaseline = new Map([
  ['menu', of(100)],
  ['orders', of(100)],
  ['ping', of(0)],
]);
/** No time for quick fixes, so that the rule itself shows. */
const atOnce = {
  ...rules,
  'latency-severe': { ...rules['latency-severe'], asksAfter: 0 },
  'latency-moderate': { ...rules['latency-moderate'], asksAfter: 0 },
};
type Over = NonNullable<Parameters<typeof judgeLooks>[3]>;

type Part = readonly [ms: number, said: SlotSaid];
function judge(parts: readonly Part[], name: Name = 'latency-severe', over: Over = { rules: atOnce }): Verdict {
  let from = 0;
  const told = parts.flatMap(([ms, said]) => {
    const found = slots(from, from + ms, said);
    from += ms;
    return found;
  });
  return judgeLooks(name, [logLook(from, told)], from, { baseline, ...over });
}
const menu = (ms: number, requests = 10): SlotSaid => ({ routes: { menu: { requests, ms } } });

describe('how long answers take', () => {
  it('is severe above five times the baseline of the route, and says so with the numbers', () => {
    const verdict = judge([
      [10 * minute, menu(100)],
      [3 * minute, menu(1_000)],
    ]);
    expect(verdict).toMatchObject({ verdict: 'breach', tier: 'severe', threshold: 5, unit: 'times', samples: 360 });
    expect(verdict).toMatchObject({ measure: 'latency', since: 605_000, windowMs: 3 * minute, tenants: [] });
    expect(verdict.value).toBeCloseTo(10, 0);
    expect(verdict.reason).toMatch(
      /^p95 of menu is \d+ms \(baseline 100ms, legacy log: (9\.\d|10\.\d) times, threshold 5\) since 1970-01-01T00:10:05Z$/,
    );
  });

  it('is severe above five times and 500 ms, moderate above twice and 250 ms', () => {
    const steady = (ms: number, name: Name, usual = 100) =>
      judge([[3 * minute, menu(ms)]], name, { rules: atOnce, baseline: new Map([['menu', of(usual)]]) }).verdict;
    expect([480, 530].map((ms) => steady(ms, 'latency-severe'))).toEqual(['clear', 'breach']);
    expect([1_900, 2_100].map((ms) => steady(ms, 'latency-severe', 400))).toEqual(['clear', 'breach']);
    expect([480, 530].map((ms) => steady(ms, 'latency-severe', 10))).toEqual(['clear', 'breach']);
    expect([240, 265].map((ms) => steady(ms, 'latency-moderate'))).toEqual(['clear', 'breach']);
    expect([760, 850].map((ms) => steady(ms, 'latency-moderate', 400))).toEqual(['clear', 'breach']);
  });

  it('is that of the slowest twentieth: fewer slow answers are none of its business', () => {
    const mixed = (slow: number) => {
      const told = slots(0, 30 * minute, {}).map((slot) => {
        const [fast] = slots(slot.at, slot.at + 1, menu(100, 100 - slow));
        const [late] = slots(slot.at, slot.at + 1, menu(1_000, slow));
        const latencies = [fast, late].flatMap((each) => each?.routes[0]?.latencies ?? []);
        return { ...slot, requests: 100, routes: [{ route: 'menu', requests: 100, errors: 0, latencies }] };
      });
      return judgeLooks('latency-severe', [logLook(30 * minute, told)], 30 * minute, { rules: atOnce, baseline })
        .verdict;
    };
    expect([5, 6].map(mixed)).toEqual(['clear', 'breach']);
  });

  it('is one question: what is severe is not moderate, too', () => {
    const verdict = judge([[3 * minute, menu(1_000)]], 'latency-moderate');
    expect(verdict).toMatchObject({ verdict: 'pending', reason: 'worse than moderate: see latency-severe' });
    expect(judge([[3 * minute, menu(300)]], 'latency-moderate').verdict).toBe('breach');
  });

  it('takes a baseline of nothing for one of a millisecond', () => {
    const ping: SlotSaid = { routes: { ping: { requests: 10, ms: 600 } } };
    expect(judge([[3 * minute, ping]])).toMatchObject({ verdict: 'breach' });
    expect(judge([[3 * minute, ping]]).value).toBeGreaterThan(500);
    expect(judge([[3 * minute, ping]]).value).toBeLessThan(700);
  });

  it('is over when the newest answers are fast, and resolved when that is no chance', () => {
    const later = (ms: number) =>
      judge([
        [3 * minute, menu(1_000)],
        [ms, menu(100)],
      ]);
    expect(later(5_000).verdict).toBe('breach');
    expect(later(30_000)).toMatchObject({ verdict: 'pending', since: 5_000 });
    expect(later(20 * minute)).toMatchObject({ verdict: 'clear', value: 0 });
    expect(later(20 * minute).reason).toBe(
      '0 of 360 answers in 3m took more than 5 times as long as before the migration (threshold 5%)',
    );
  });

  it('is in no doubt by routes that nobody knows of old', () => {
    const unknown: SlotSaid = { routes: { fresh: { requests: 10, ms: 5_000 } } };
    expect(judge([[3 * minute, unknown]])).toMatchObject({ samples: 0, value: 0 });
    expect(judge([[3 * minute, unknown]], 'latency-severe', { baseline: new Map() })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'nobody knows how fast the legacy system was: give baseline.latency, or capture it before the cut-over',
    });
  });

  it('is pending while it rises', () => {
    const verdict = judge([
      [3 * minute, menu(100)],
      [30_000, menu(1_000)],
    ]);
    expect(verdict.verdict).toBe('pending');
    expect(verdict.reason).toMatch(
      /^60 of 360 answers in 3m took more than 5 times .*: too short or too few so far to be sure$/,
    );
  });

  it('counts only from the given moment on', () => {
    const since = (said: SlotSaid, ms = minute) =>
      judge(
        [
          [10 * minute, menu(1_000)],
          [ms, said],
        ],
        'latency-severe',
        { rules: atOnce, judgedFrom: 10 * minute },
      );
    expect(since(menu(100)).verdict).toBe('clear');
    expect(since({ routes: { menu: { requests: 100, ms: 100 }, orders: { requests: 1, ms: 1_000 } } })).toMatchObject({
      verdict: 'clear',
      samples: 12 * 101,
    });
    const quarter: SlotSaid = { routes: { orders: { requests: 5, ms: 1_000 }, fresh: { requests: 14 } } };
    expect(since(quarter, 2 * minute).verdict).toBe('breach');
  });

  it('is none by a single slow answer, rises by two and fires from eight on', () => {
    const seldom = (slow: number) => {
      const told = slots(0, 3 * minute, menu(1_000, 1)).filter((_, index) => index % 4 === 0);
      return judgeLooks('latency-severe', [logLook(3 * minute, told.slice(-slow))], 3 * minute, {
        rules: atOnce,
        baseline,
      }).verdict;
    };
    expect([1, 2, 7, 8].map(seldom)).toEqual(['clear', 'pending', 'pending', 'breach']);
  });

  it.each([
    ['all windows', rules.requests.windows],
    ['none twice', rules.requests.windows.slice(0, 3)],
  ])('began with its first slow answer, up to four times the longest window ago: %s', (_which, windows) => {
    const long = { rules: { ...atOnce, requests: { ...rules.requests, windows } } };
    const slowFor = (ms: number) => judge([[ms, menu(1_000)]], 'latency-severe', long).since;
    expect(slowFor(hour)).toBe(5_000);
    expect(slowFor(3 * hour)).toBe(hour + 5_000);
  });
});

describe('slow routes of several', () => {
  const both = (menuMs: number, ordersMs: number): SlotSaid => ({
    routes: { menu: { requests: 10, ms: menuMs }, orders: { requests: 10, ms: ordersMs } },
  });

  it('began when the first of them did, and are over when each of them is', () => {
    const parts: Part[] = [
      [10 * minute, both(100, 1_000)],
      [3 * minute, both(1_000, 1_000)],
    ];
    expect(judge(parts)).toMatchObject({ verdict: 'breach', since: 5_000 });
    expect(judge([...parts, [30_000, both(100, 1_000)]])).toMatchObject({ verdict: 'breach', since: 5_000 });
    expect(judge([...parts, [30_000, both(100, 100)]])).toMatchObject({ verdict: 'pending', since: 5_000 });
  });

  describe('of which one is not asked any more', () => {
    const judged = (menuRequests: number, later: SlotSaid, ms = 30_000) =>
      judge([
        [10 * minute, { routes: { menu: { requests: menuRequests }, orders: { requests: 20 } } }],
        [3 * minute, { routes: { menu: { requests: menuRequests, ms: 1_000 }, orders: { requests: 20 } } }],
        [ms, later],
      ]);
    const slowOf20 = (slow: number): SlotSaid => ({
      routes: { orders: { requests: 20 - slow }, ping: { requests: slow, ms: 1_000 } },
    });

    it('are over when the newest answers of the others are fast: all but a twentieth', () => {
      expect(judged(20, slowOf20(0)).verdict).toBe('pending');
      expect(judged(20, slowOf20(1)).verdict).toBe('pending');
      expect(judged(20, slowOf20(2)).verdict).toBe('breach');
    });

    it('stay one route’s trouble where they were', () => {
      expect(judged(4, slowOf20(0))).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
    });

    it('are said as they were when nothing is asked at all', () => {
      const quiet: SlotSaid = {};
      const verdict = judged(4, quiet, 3 * minute + 5_000);
      expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
      expect(verdict.reason).toMatch(/^p95 of menu is \d+ms \(baseline 100ms, legacy log: /);
      expect(judged(20, quiet, 3 * minute + 5_000).verdict).toBe('breach');
    });
  });
});

describe('one route that is slow', () => {
  it('is told, and no reason for a rollback, where it has less than a quarter of the requests', () => {
    const share = (requests: number) =>
      judge([[3 * minute, { routes: { menu: { requests, ms: 1_000 }, fresh: { requests: 100 - requests } } }]]);
    expect(share(24)).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route', told: true });
    expect(share(24).reason).toMatch(
      /; the slow routes have less than 25% of the requests: look at their queries and indexes first$/,
    );
    expect(share(25).verdict).toBe('breach');
    const few = (others: number) => {
      const each: SlotSaid = { routes: { menu: { requests: 1, ms: 1_000 }, fresh: { requests: 3 } } };
      const told = slots(0, 3 * minute, each).filter((_, index) => index % 4 === 0);
      const more = slots(5_000, 10_000, { routes: { fresh: { requests: others } } });
      const looks = [logLook(3 * minute, [...told.slice(0, 1), ...more, ...told.slice(1, 8)])];
      return judgeLooks('latency-severe', looks, 3 * minute, { rules: atOnce, baseline });
    };
    expect([few(0), few(1)]).toMatchObject([{ verdict: 'breach' }, { verdict: 'exempt' }]);
  });

  it('is told once, and not as moderate, too', () => {
    const parts: Part[] = [[3 * minute, { routes: { menu: { requests: 10, ms: 1_000 }, fresh: { requests: 90 } } }]];
    const moderate = judge(parts, 'latency-moderate');
    expect(moderate).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
    expect(moderate).not.toHaveProperty('told');
    expect(moderate.reason).toBe('worse than moderate: see latency-severe');
  });

  it('adds up with the other slow ones, and the worst of them speaks', () => {
    const two = judge([
      [
        3 * minute,
        { routes: { menu: { requests: 15, ms: 700 }, orders: { requests: 15, ms: 2_000 }, fresh: { requests: 70 } } },
      ],
    ]);
    expect(two.verdict).toBe('breach');
    expect(two.reason).toMatch(/^p95 of orders is/);
  });
});

describe('a route that is seldom asked', () => {
  const both = (ms: number): SlotSaid => ({ routes: { menu: { requests: 10, ms }, orders: { requests: 1, ms } } });

  it('is well with its newest answers where all others are proven to be', () => {
    const well = (ms: number, orders = 100) =>
      judge([
        [3 * minute, both(1_000)],
        [ms, { routes: { menu: { requests: 10, ms: 100 }, orders: { requests: 1, ms: orders } } }],
      ]);
    expect(well(10_000).verdict).toBe('breach');
    expect(well(30_000).verdict).toBe('pending');
    expect(well(4 * minute).verdict).toBe('clear');
    // Of 21 fast answers in a row one in three such routes that are slow still is made by chance.
    const again = (fast: number) =>
      judge([
        [3 * minute, both(1_000)],
        [4 * minute, { routes: { menu: { requests: 10, ms: 100 } } }],
        [fast * 5_000, { routes: { menu: { requests: 10, ms: 100 }, orders: { requests: 1, ms: 100 } } }],
      ]).verdict;
    expect([again(21), again(22)]).toEqual(['pending', 'clear']);
    expect(well(4 * minute, 1_000)).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
  });
});

describe('slowness that has just begun', () => {
  const judged = (ms: number) =>
    judge(
      [
        [10 * minute, menu(100)],
        [ms, menu(1_000)],
      ],
      'latency-severe',
      { rules },
    );

  it('is told, and nobody is asked for half an hour: quick fixes first', () => {
    const verdict = judged(3 * minute);
    expect(verdict).toMatchObject({ verdict: 'pending', told: true, since: 605_000 });
    expect(verdict.reason).toMatch(
      /; quick fixes first \(indexes, connection pool, slow queries\): asked about a rollback at 1970-01-01T00:40:05Z$/,
    );
  });

  it('delays nothing else: what is fast is clear, and one route’s trouble is told as such', () => {
    const of = (menuRequests: number, ms: number) =>
      judge([[3 * minute, { routes: { menu: { requests: menuRequests, ms }, fresh: { requests: 90 } } }]], undefined, {
        rules,
      });
    expect(of(10, 100).verdict).toBe('clear');
    expect(of(10, 1_000)).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
  });

  it('is asked about then', () => {
    expect(judged(30 * minute)).toMatchObject({ verdict: 'pending', since: 605_000 });
    expect(judged(30 * minute + 5_000)).toMatchObject({ verdict: 'breach', since: 605_000 });
    expect(rules['latency-severe']).toEqual({
      above: 5,
      clear: 4,
      floor: 500,
      share: 0.25,
      asksAfter: hour / 2,
      prometheus: 2_000,
    });
    expect(rules['latency-moderate']).toEqual({
      above: 2,
      clear: 1.6,
      floor: 250,
      share: 0.25,
      asksAfter: hour / 2,
      prometheus: 1_000,
    });
  });
});

describe('rollbackd’s own requests', () => {
  it('raise slowness where there are no real ones, and not against real ones that are fast', () => {
    const now = 3 * minute;
    const own = (at: number) => ownLook(at, slots(0, now, menu(1_000)));
    const judged = (...looks: Parameters<typeof judgeLooks>[1]) =>
      judgeLooks('latency-severe', [...eyes(0, now), ...looks], now, { rules: atOnce, baseline }).verdict;
    expect(judged(own(now))).toBe('breach');
    expect(judged(own(now), logLook(now, slots(0, now, menu(100))))).toBe('inconclusive');
  });
});

describe('what Prometheus measures', () => {
  it('raises slowness when it lasts, with a baseline or without', () => {
    const judged = (value: number, known: LatencyBaseline) =>
      judgeLooks(
        'latency-severe',
        Array.from({ length: 14 }, (_, index) =>
          prometheusLook(index * 15_000, { query: 'p95', measure: 'latency', value }),
        ),
        210_000,
        { rules: atOnce, baseline: known },
      ).verdict;
    expect(judged(2_001, new Map())).toBe('breach');
    expect(judged(2_000, new Map())).toBe('clear');
    expect(judged(2_001, baseline)).toBe('breach');
    const looks = [...Array(14).keys()].map((index) =>
      prometheusLook(index * 15_000, { query: 'p95', measure: 'latency', value: 5 }),
    );
    const busy = logLook(210_000, slots(0, 210_000, menu(100)), 16);
    const known = (at: number) => judgeLooks('latency-severe', [...looks, busy], at, { baseline: new Map() });
    expect(known(210_000).verdict).toBe('clear');
    expect(known(500_000).reason).toMatch(/^nobody knows how fast the legacy system was/);
  });
});

describe('a baseline', () => {
  const hours = new Map([[3, 40]]);

  it('is that of the hour of the day where one is known, else that of the whole day', () => {
    const known = { ...of(100), hours };
    expect(baselineAt(known, 3 * hour)).toBe(40);
    expect(baselineAt(known, 4 * hour - 1)).toBe(40);
    expect(baselineAt(known, 4 * hour)).toBe(100);
    expect(baselineAt(of(100), 3 * hour)).toBe(100);
  });

  it('is compared with the answers of that hour, and says so', () => {
    const night = new Map([['menu', { ...of(400), hours: new Map([[0, 100]]) }]]);
    const said = judge([[3 * minute, menu(1_000)]], 'latency-severe', { rules: atOnce, baseline: night });
    expect(said.verdict).toBe('breach');
    expect(said.reason).toContain('(baseline 100ms, of 00:00 to 00:59 UTC in ');
    const day = new Map([['menu', of(400)]]);
    expect(judge([[3 * minute, menu(1_000)]], 'latency-severe', { rules: atOnce, baseline: day }).verdict).toBe(
      'clear',
    );
  });
});
