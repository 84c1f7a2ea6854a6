import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { judgeLooks } from '../judging.ts';
import {
  every,
  eyes,
  hour,
  intervals,
  isolationLook,
  journeyLook,
  logLook,
  minute,
  ownLook,
  prometheusLook,
  rounds,
  rules,
  type SlotSaid,
  slots,
  times,
} from '../looks.ts';

type Over = NonNullable<Parameters<typeof judgeLooks>[3]>;
const window = 30 * minute;
/** The same in each slot of half an hour, after an hour of something else. */
const real = (said: SlotSaid, before?: SlotSaid, over: Over = {}) => {
  const now = hour + window;
  const told = [...(before ? slots(0, hour, before) : []), ...slots(hour, now, said)];
  return judgeLooks('feature-breakage', [logLook(now, told)], now, over);
};
/** One failing route with so many requests in all, each in a slot of its own, beside many that go well. */
const route = (requests: number, errors: number, failedFor: string[] = ['kopi', 'negoes']) => {
  const bare = slots(hour, hour + window, { requests: 20 });
  const told = bare.map((slot, index) => {
    if (index >= requests) return slot;
    const bad = index < errors ? 1 : 0;
    const report = { route: 'report', requests: 1, errors: bad, latencies: [], ...(bad && { failedFor }) };
    return { ...slot, requests: 21, errors: bad, routes: [report] };
  });
  return judgeLooks('feature-breakage', [logLook(hour + window, told)], hour + window);
};

describe('a route that fails while the general error rate is well', () => {
  it('is nobody’s where only invented tenants had failures', () => {
    expect(route(10, 10, ['x1', 'x2']).verdict).toBe('clear');
    expect(route(10, 10, ['x1', 'kopi'])).toMatchObject({ verdict: 'exempt', tenants: ['kopi'] });
    expect(route(10, 10, [])).toMatchObject({ verdict: 'breach', tenants: [] });
  });

  it('is inconclusive while the log cannot be read', () => {
    const told = slots(hour, hour + window, {
      requests: 20,
      errors: 15,
      routes: { report: { requests: 15, errors: 15 } },
    });
    const judged = (now: number) => judgeLooks('feature-breakage', [logLook(hour + window, told)], now);
    expect(judged(hour + window + minute)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /^the log of requests has not been read since .*; until then .* requests of report failed/,
      ),
    });
  });

  it('is a breach where it is broken for two tenants, and says so with the numbers', () => {
    const verdict = route(10, 10);
    expect(verdict).toMatchObject({ verdict: 'breach', tier: 'moderate', value: 1, threshold: 0.5, unit: 'share' });
    expect(verdict).toMatchObject({ samples: 10, windowMs: hour, tenants: ['kopi', 'negoes'] });
    expect(verdict.reason).toBe('10 of 10 requests of report failed in 30m');
  });

  it('is broken where more than half of its requests fail, by more than chance, and at least eight', () => {
    expect(route(10, 10).verdict).toBe('breach');
    expect(route(9, 9).verdict).toBe('clear');
    expect(route(100, 68).verdict).toBe('clear');
    expect(route(100, 69).verdict).toBe('breach');
    const seldom = { ...rules, 'feature-breakage': { ...rules['feature-breakage'], odds: 2 } };
    const few = (errors: number) => {
      const told = slots(hour, hour + 5_000, {
        requests: 50,
        errors,
        routes: { report: { requests: errors, errors } },
      });
      return judgeLooks('feature-breakage', [logLook(hour + window, told)], hour + window, { rules: seldom }).verdict;
    };
    expect([few(7), few(8)]).toEqual(['clear', 'breach']);
  });

  it('is told where it fails for one tenant alone', () => {
    const verdict = route(10, 10, ['kopi']);
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-tenant', told: true, tenants: ['kopi'] });
    expect(verdict.reason).toMatch(/; one tenant is no reason for a rollback$/);
  });

  it('is everybody’s where the log names no tenants, and where there is one tenant only', () => {
    expect(route(10, 10, []).verdict).toBe('breach');
    const said: SlotSaid = {
      requests: 50,
      errors: 1,
      routes: { report: { requests: 1, errors: 1, failedFor: ['kopi'] } },
    };
    expect(real(said, undefined, { tenants: new Set(['kopi']) }).verdict).toBe('breach');
  });

  it('is counted over half an hour, else over an hour, and from the given moment on', () => {
    const told = slots(0, minute, { requests: 50, errors: 1, routes: { report: { requests: 1, errors: 1 } } });
    const at = (now: number, over: Over = {}) => judgeLooks('feature-breakage', [logLook(now, told)], now, over);
    expect(at(window + 10_000).reason).toBe('10 of 10 requests of report failed in 30m');
    expect(at(window + 15_000).reason).toBe('12 of 12 requests of report failed in 1h');
    expect([at(hour + 10_000).verdict, at(hour + 15_000).verdict]).toEqual(['breach', 'clear']);
    expect(at(window, { judgedFrom: 10_000 }).verdict).toBe('breach');
    expect(at(window, { judgedFrom: 15_000 }).verdict).toBe('clear');
  });

  it('is broken only while more than half of its requests of the newest sixth of that time fail', () => {
    const report = (errors: number): SlotSaid => ({
      requests: 50,
      errors,
      routes: { report: { requests: 1, errors } },
    });
    const now = hour + window;
    const mended = (ms: number) => {
      const told = [...slots(hour, now - ms, report(1)), ...slots(now - ms, now, report(0))];
      return judgeLooks('feature-breakage', [logLook(now, told)], now);
    };
    expect(mended(145_000).reason).toBe('331 of 360 requests of report failed in 30m');
    expect(mended(150_000).reason).toBe('330 of 360 requests of report failed in 1h');
    expect(mended(5 * minute - 5_000)).toMatchObject({ verdict: 'breach' });
    expect(mended(5 * minute)).toMatchObject({ verdict: 'clear' });
  });

  it('is no trouble of its own where the application fails as a whole', () => {
    const verdict = real({ requests: 10, errors: 10, routes: { report: { requests: 10, errors: 10 } } });
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
    expect(verdict.reason).toBe('part of error-rate-severe: 3600 of 3600 requests of report failed in 30m');
  });

  it('is none while the application as a whole has just failed, and one of its own when that is resolved', () => {
    const failedBefore = (ms: number) => {
      const routes = { report: { requests: 1, errors: 1 } };
      const told = [
        ...slots(hour, hour + 5 * minute, { requests: 100, errors: 50, routes }),
        ...slots(hour + 5 * minute, hour + 5 * minute + ms, { requests: 100, errors: 1, routes }),
      ];
      const now = hour + 5 * minute + ms;
      return judgeLooks('feature-breakage', [logLook(now, told)], now);
    };
    expect(failedBefore(minute)).toMatchObject({ verdict: 'inconclusive' });
    expect(failedBefore(minute).reason).toMatch(
      /^part of error-rate-severe: 72 of 72 requests of report failed in 30m/,
    );
    expect(failedBefore(25 * minute).verdict).toBe('breach');
  });

  it('is told by rollbackd’s own requests where there are no real ones', () => {
    const now = hour + 3 * minute;
    const own = ownLook(
      now,
      slots(hour, now, { requests: 50, errors: 1, routes: { report: { requests: 1, errors: 1 } } }),
    );
    const judged = (...looks: Parameters<typeof judgeLooks>[1]) =>
      judgeLooks('feature-breakage', [...eyes(0, now), own, ...looks], now).verdict;
    expect(judged()).toBe('breach');
    expect(judged(logLook(now, slots(hour, now, { requests: 50 })))).toBe('clear');
  });
});

describe('tenants for whom everything fails', () => {
  const failing = (...tenants: string[]): SlotSaid => ({
    requests: 200,
    errors: tenants.length,
    tenants: Object.fromEntries(tenants.map((tenant) => [tenant, [1, 1]])),
  });

  it('are a breach from two on', () => {
    expect(real(failing('kopi', 'negoes'))).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes'] });
    expect(real(failing('kopi'))).toMatchObject({ verdict: 'exempt', tenants: ['kopi'] });
    expect(real(failing('kopi')).reason).toMatch(/^360 of 360 requests of kopi failed in 30m; one tenant/);
  });

  it('are those that are known', () => {
    expect(real(failing('made', 'up')).verdict).toBe('clear');
    expect(real(failing('kopi', 'up')).verdict).toBe('exempt');
    const now = hour + window;
    const found = (slug: string): Observation => {
      const values = { tenants: [{ slug, knownTo: ['unified tenants'], missingFrom: [] }] };
      return { probe: 'tenants', at: hour, tookMs: 1, status: 'observed', values };
    };
    const probed = (slug: string) =>
      judgeLooks('feature-breakage', [found(slug), logLook(now, slots(hour, now, failing('kopi', 'up')))], now);
    expect(probed('up')).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'up'] });
    expect(probed('other')).toMatchObject({ verdict: 'exempt', tenants: ['kopi'] });
  });
});

describe('what is broken beside other trouble', () => {
  const now = hour + window;
  const broken: SlotSaid = {
    requests: 200,
    errors: 1,
    routes: { report: { requests: 1, errors: 1, failedFor: ['negoes', 'warung'] } },
  };
  const log = (said: SlotSaid) => logLook(now, slots(hour, now, said));
  const judged = (...looks: Observation[]) => judgeLooks('feature-breakage', looks, now);

  it('is part of one tenant’s errors where it is that tenant’s alone, and its own where it is others’', () => {
    const kopi: SlotSaid = { requests: 100, errors: 20, tenants: { kopi: [20, 20] } };
    expect(judged(log(kopi))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'part of error-rate-severe: 7200 of 7200 requests of kopi failed in 30m',
    });
    expect(judged(log({ ...broken, ...kopi })).verdict).toBe('breach');
  });

  it('is its own while our question about the health fails, and users are served', () => {
    const health = times(10, 'disputed' as const);
    const disputed = rounds(health, now - health.length * intervals.healthEvery);
    const looks = (said: SlotSaid) => [...disputed, log(said)];
    expect(judgeLooks('unavailable', looks(broken), now)).toMatchObject({ verdict: 'inconclusive' });
    expect(judgeLooks('unavailable', looks(broken), now)).toHaveProperty('since');
    expect(judged(...looks(broken)).verdict).toBe('breach');
    const alone: SlotSaid = { requests: 200, errors: 1, tenants: { kopi: [1, 1] } };
    expect(judged(...looks(alone)).verdict).toBe('exempt');
  });

  it('is told by the first three of it, with all tenants', () => {
    const all: SlotSaid = {
      ...broken,
      requests: 1_000,
      errors: 4,
      tenants: { kopi: [1, 1], negoes: [1, 1], warung: [1, 1] },
    };
    const verdict = judged(log(all));
    expect(verdict).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes', 'warung'] });
    expect(verdict.reason.split('; ')).toHaveLength(3);
  });

  it('began when the first of it did', () => {
    const series = { query: 'q', measure: 'error-rate', tenant: 'kopi', value: 0.9 } as const;
    const measured = every(15_000, now - 5 * minute, now, (at) => prometheusLook(at, series));
    const journeys = [1, 2].map((count) => journeyLook(now - 10 * minute + count, 'failed', { tenant: 'negoes' }));
    expect(judged(...measured)).toMatchObject({ since: now - 5 * minute });
    expect(judged(...measured, ...journeys)).toMatchObject({ since: now - 10 * minute + 1 });
  });

  it('is a journey’s, whether the log can be read or not', () => {
    const unread = logLook(now - minute, []);
    const journeys = ['kopi', 'negoes'].flatMap((tenant) =>
      [1, 2].map((count) => journeyLook(now - count, 'failed', { tenant })),
    );
    expect(judged(unread)).toMatchObject({
      verdict: 'inconclusive',
      value: 0,
      reason: 'the log of requests has not been read since 1970-01-01T01:29:00Z',
    });
    expect(judged(unread, ...journeys).verdict).toBe('breach');
  });

  it('is everybody’s by one tenant of a single one, where it is a route', () => {
    const kopis: SlotSaid = { ...broken, routes: { report: { requests: 1, errors: 1, failedFor: ['kopi'] } } };
    const of = (said: SlotSaid, ...slugs: string[]) =>
      judgeLooks('feature-breakage', [log(said)], now, { tenants: new Set(slugs) }).verdict;
    expect([of(kopis, 'kopi'), of(kopis, 'kopi', 'negoes')]).toEqual(['breach', 'exempt']);
    expect(of({ requests: 200, errors: 1, tenants: { kopi: [1, 1] } }, 'kopi')).toBe('exempt');
  });
});

describe('a route that refuses nearly everybody', () => {
  const login = (requests: number, refused: number): SlotSaid => ({
    requests: 20 + requests,
    refused,
    routes: { login: { requests, refused } },
  });

  it('is broken where it did not before', () => {
    const verdict = real(login(0, 2), login(2, 0));
    expect(verdict).toMatchObject({ verdict: 'breach', samples: 720 });
    expect(verdict.reason).toBe('720 of 720 requests of login were refused, which it hardly did before in 30m');
  });

  it('is well where it refused as much before, where it was not asked before, and where users still get in', () => {
    expect(real(login(0, 4), login(2, 2)).verdict).toBe('clear');
    expect(real(login(0, 4)).verdict).toBe('clear');
    expect(real(login(4, 40), login(4, 0)).verdict).toBe('clear');
    expect(real(login(0, 1), { requests: 20 }).verdict).toBe('clear');
  });

  it('is broken where it answers less than a quarter of those it did', () => {
    expect(real(login(1, 20), login(4, 0)).verdict).toBe('breach');
    expect(real(login(2, 40), login(4, 0)).verdict).toBe('clear');
  });

  it('hardly refused before: a quarter at most', () => {
    expect(real(login(0, 8), login(6, 2)).verdict).toBe('breach');
    expect(real(login(0, 8), login(6, 3)).verdict).toBe('clear');
  });
});

describe('journeys', () => {
  it('fail for all where they fail for one tenant after the other', () => {
    const turn = (tenant: string, at: number) => journeyLook(at, 'failed', { tenant });
    const turns = ['t1', 't2', 't3', 't4'].map((tenant, index) => turn(tenant, index + 1));
    const judged = (...looks: Observation[]) => judgeLooks('feature-breakage', looks, 10);
    expect(judged(...turns)).toMatchObject({ verdict: 'breach', since: 1, tenants: ['t1', 't2', 't3', 't4'] });
    expect(judged(...turns.slice(0, 3)).verdict).toBe('clear');
    expect(judged(...turns, journeyLook(5, 'passed', { tenant: 't5' })).verdict).toBe('clear');
  });

  const judged = (...looks: Parameters<typeof judgeLooks>[1]) => judgeLooks('feature-breakage', looks, hour);
  const failed = (tenant: string, at: number) =>
    journeyLook(at, 'failed', { tenant, step: 'read back', reason: 'status 404' });

  it('are broken for a tenant by two failures in a row, and a breach from two tenants on', () => {
    const both = ['kopi', 'negoes'].flatMap((tenant) => [failed(tenant, 1_000), failed(tenant, 2_000)]);
    const verdict = judged(...both);
    expect(verdict).toMatchObject({ verdict: 'breach', value: 1, since: 1_000, tenants: ['kopi', 'negoes'] });
    expect(verdict.reason).toBe('the journey order fails at read back (status 404) for kopi, negoes');
    expect(judged(...both.slice(0, 3))).toMatchObject({ verdict: 'exempt', tenants: ['kopi'], since: 1_000 });
    expect(judged(...both.slice(0, 1)).verdict).toBe('clear');
  });

  it('are mended by one that passes, and by none that is inconclusive', () => {
    expect(judged(failed('kopi', 1), journeyLook(2, 'passed'), failed('kopi', 3)).verdict).toBe('clear');
    expect(judged(failed('kopi', 1), journeyLook(2, 'inconclusive'), failed('kopi', 3)).verdict).toBe('exempt');
    expect(judged(failed('kopi', 1), failed('kopi', 2), journeyLook(3, 'inconclusive')).verdict).toBe('exempt');
    expect(judged(failed('kopi', 1), failed('kopi', 2), journeyLook(3, 'passed')).verdict).toBe('clear');
  });

  it('are told apart by name, and count from the given moment on', () => {
    const other = journeyLook(2, 'failed', { journey: 'login' });
    expect(judged(failed('kopi', 1), other).verdict).toBe('clear');
    const looks = [failed('kopi', 1), failed('kopi', 2)];
    expect(judgeLooks('feature-breakage', looks, hour, { judgedFrom: 2 }).verdict).toBe('clear');
    expect(judgeLooks('feature-breakage', looks, hour, { judgedFrom: 1 }).verdict).toBe('exempt');
    const bare = judged(journeyLook(1, 'failed'), journeyLook(2, 'failed'));
    expect(bare.reason).toBe('the journey order fails for kopi; one tenant is no reason for a rollback');
  });
});

describe('a list that is empty for everybody', () => {
  const list = (route: string, tenant: string, documents: number | undefined, more = {}) =>
    isolationLook('clean', 1_000, { route, tenant, documents, ...more });
  const judged = (...looks: Parameters<typeof judgeLooks>[1]) => judgeLooks('feature-breakage', looks, 2_000);

  it('is told while others have documents', () => {
    const verdict = judged(list('menu', 'kopi', 0), list('menu', 'negoes', 0), list('orders', 'kopi', 3));
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'empty-list', told: true });
    expect(verdict.reason).toBe('menu answers every tenant with an empty list, the others do not');
  });

  it.each([
    ['one tenant alone has an empty one', [list('menu', 'kopi', 0), list('orders', 'kopi', 3)]],
    ['one of them has documents', [list('menu', 'kopi', 0), list('menu', 'negoes', 1), list('orders', 'kopi', 3)]],
    ['all routes are empty', [list('menu', 'kopi', 0), list('menu', 'negoes', 0), list('orders', 'kopi', 0)]],
    ['nobody counted', [list('menu', 'kopi', undefined), list('menu', 'negoes', undefined), list('orders', 'kopi', 3)]],
    [
      'the route is not trusted',
      ['kopi', 'negoes'].map((tenant) => list('menu', tenant, 0, { trusted: false })).concat(list('orders', 'kopi', 3)),
    ],
    [
      'it was asked through the balancer',
      ['kopi', 'negoes']
        .map((tenant) => list('menu', tenant, 0, { via: 'balancer' }))
        .concat(list('orders', 'kopi', 3)),
    ],
    [
      'it was no question for a list',
      ['kopi', 'negoes']
        .map((tenant) => list('menu', tenant, 0, { ask: 'foreign-id' }))
        .concat(list('orders', 'kopi', 3)),
    ],
  ] as const)('is nothing where %s', (_when, looks) => {
    expect(judged(...looks).exemptBecause).toBeUndefined();
  });

  it('is judged by the newest answers, from the given moment on', () => {
    const looks = [list('menu', 'kopi', 0), list('menu', 'negoes', 0), list('orders', 'kopi', 3)];
    expect(judged(...looks, list('menu', 'kopi', 2)).exemptBecause).toBeUndefined();
    expect(judgeLooks('feature-breakage', looks, 2_000, { judgedFrom: 1_001 }).exemptBecause).toBeUndefined();
  });
});

it('is in doubt before anything was seen, and has settings of its own', () => {
  expect(judgeLooks('feature-breakage', [], hour)).toMatchObject({
    verdict: 'inconclusive',
    reason: 'no requests and no journeys to judge by',
  });
  expect(judgeLooks('feature-breakage', [journeyLook(1, 'passed')], hour)).toMatchObject({
    verdict: 'clear',
    reason: 'no route, tenant or journey fails as such in 1h',
  });
  expect(rules['feature-breakage']).toEqual({
    above: 0.5,
    odds: 1_000,
    windows: [window, hour],
    failures: 8,
    tenants: 2,
    samples: 2,
  });
});

describe('what Prometheus measures of single tenants and routes', () => {
  type Said = { readonly tenant?: string; readonly route?: string; readonly value: number };
  const judge = (series: readonly Said[], count = 14) => {
    const said = series.map((each) => ({ query: 'q', measure: 'error-rate', ...each }) as const);
    const looks = Array.from({ length: count }, (_, index) => prometheusLook(index * 15_000, ...said));
    return judgeLooks('feature-breakage', [...eyes(0, count * 15_000), ...looks], count * 15_000);
  };
  const kopi = { tenant: 'kopi', value: 0.9 };

  it('is a breach where two tenants fail for the length of the shortest window', () => {
    const two = [kopi, { tenant: 'negoes', value: 0.6 }, { tenant: 'warung', value: 0.5 }];
    expect(judge(two, 13).verdict).not.toBe('breach');
    expect(judge(two)).toMatchObject({
      verdict: 'breach',
      value: 0.9,
      threshold: 0.5,
      since: 0,
      tenants: ['kopi', 'negoes'],
      reason: 'Prometheus says of kopi: q: 0.9; Prometheus says of negoes: q: 0.6',
    });
  });

  it('is told where it is one tenant, also by several routes of it', () => {
    expect(judge([kopi])).toMatchObject({ verdict: 'exempt', told: true, tenants: ['kopi'] });
    expect(
      judge([
        { ...kopi, route: 'menu' },
        { ...kopi, route: 'bill' },
      ]).verdict,
    ).toBe('exempt');
  });

  it('is a breach where a route fails, for nobody knows whom or for two tenants', () => {
    expect(judge([{ route: 'menu', value: 0.9 }])).toMatchObject({ verdict: 'breach', tenants: [] });
    const of = (tenant: string) => ({ route: 'menu', tenant, value: 0.9 });
    expect(judge([of('kopi')]).verdict).toBe('exempt');
    expect(judge([of('kopi'), of('negoes')])).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes'] });
  });
});
