import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostRoutes, mostTenants, theRest } from '../../src/model/request-slot.ts';
import type { Outcome } from '../../src/probes/bounded-names.ts';
import { type CountedRequest, RequestCounter } from '../../src/probes/count-requests.ts';

const minute = 60_000;

const request: fc.Arbitrary<CountedRequest> = fc.record({
  at: fc.nat(5 * minute),
  route: fc.oneof(fc.constantFrom('GET /a', 'GET /b'), fc.string()),
  tenant: fc.oneof(fc.constantFrom('', 'kopi', 'negoes'), fc.string({ maxLength: 90 })),
  outcome: fc.constantFrom<Outcome[]>('well', 'failed', 'refused', 'cancelled'),
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
});

const counted = (requests: readonly CountedRequest[]) => {
  const counter = new RequestCounter(minute);
  for (const each of requests) counter.count(each);
  return counter.slots();
};

describe('counting requests', () => {
  it('puts each in the slot in which it was over, and loses none', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 100 }), (requests) => {
        for (const slot of counted(requests)) {
          const own = requests.filter(({ at }) => Math.floor(at / minute) * minute === slot.at);
          const those = (...outcomes: Outcome[]) => own.filter(({ outcome }) => outcomes.includes(outcome));
          const { requests: asked, errors, refused = 0, cancelled = 0 } = slot;
          expect([asked, errors]).toEqual([those('well', 'failed').length, those('failed').length]);
          expect([refused, cancelled]).toEqual([those('refused').length, those('cancelled').length]);
          const answers = slot.routes.flatMap(({ latencies }) => latencies.map(([, count]) => count));
          expect(answers.reduce((sum, count) => sum + count, 0)).toBe(asked);
          const named = those('well', 'failed').filter(({ tenant }) => tenant !== '');
          expect(slot.tenants.reduce((sum, each) => sum + each.requests, 0)).toBe(named.length);
          for (const kind of [slot.routes, slot.tenants])
            expect(kind.reduce((sum, each) => sum + (each.refused ?? 0), 0)).toBeLessThanOrEqual(refused);
        }
      }),
    );
  });

  it('counts a request that began before its slot where it was over', () => {
    const [slot] = counted([{ at: minute + 5, route: 'GET /a', tenant: '', outcome: 'well', durationMs: 30_000 }]);
    expect(slot?.at).toBe(minute);
  });

  it('is bounded, however many routes and tenants somebody makes up', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      at: index,
      route: `GET /${index}`,
      tenant: index === 0 ? 'x'.repeat(10_000) : `tenant-${index}`,
      outcome: 'failed' as const,
      durationMs: index,
    }));
    const [slot] = counted(many);
    expect(slot?.routes).toHaveLength(mostRoutes + 1);
    expect(slot?.tenants.length).toBeLessThanOrEqual(mostTenants + 1);
    expect(slot?.routes.find(({ route }) => route === theRest)).toMatchObject({ requests: 5_000 - mostRoutes });
    expect(JSON.stringify(slot).length).toBeLessThan(40_000);
  });

  const made = (changes: Partial<CountedRequest>): CountedRequest => ({
    at: 0,
    route: 'GET /a',
    tenant: 'kopi',
    outcome: 'well',
    durationMs: 10,
    ...changes,
  });

  it('counts what was refused apart from the requests, of the whole, each route and each tenant, and not how long it took', () => {
    const [slot] = counted([made({}), made({ outcome: 'refused', durationMs: 9_000 })]);
    expect(slot).toMatchObject({
      requests: 1,
      errors: 0,
      refused: 1,
      routes: [{ route: 'GET /a', requests: 1, refused: 1 }],
      tenants: [{ tenant: 'kopi', requests: 1, errors: 0, refused: 1 }],
    });
    expect(slot?.routes[0]?.latencies.reduce((sum, [, count]) => sum + count, 0)).toBe(1);
  });

  it('keeps a route that does nothing but refuse: a log-in that fails for everybody looks like that', () => {
    const [slot] = counted([made({ route: 'POST /login', outcome: 'refused' })]);
    expect(slot?.routes).toEqual([{ route: 'POST /login', requests: 0, errors: 0, refused: 1, latencies: [] }]);
  });

  it('counts what was given up at once nowhere but as that', () => {
    const [slot] = counted([made({ outcome: 'cancelled' })]);
    expect(slot).toEqual({ at: 0, requests: 0, errors: 0, cancelled: 1, routes: [], tenants: [] });
  });

  it('says for some of the tenants whose requests failed on a route, each once', () => {
    const failing = ['a', 'a', '', 'b', 'c', 'd'].map((tenant) => made({ tenant, outcome: 'failed' }));
    const [slot] = counted([...failing, made({ tenant: 'well' }), made({ route: 'GET /b' })]);
    expect(slot?.routes.map(({ failedFor }) => failedFor)).toEqual([['a', 'b', 'c'], undefined]);
  });

  it('lets no flood of refused names take the place of a route or tenant that is served', () => {
    const flood = Array.from({ length: 1_000 }, (_, index) =>
      made({ route: `GET /bot-${index}`, tenant: `bot-${index}`, outcome: 'refused' }),
    );
    const [slot] = counted([...flood, made({}), made({ route: 'GET /b', tenant: 'negoes', outcome: 'failed' })]);
    expect(slot).toMatchObject({ requests: 2, errors: 1, refused: 1_000 });
    const served = (kind: readonly { requests: number }[]) => kind.filter(({ requests }) => requests > 0);
    expect(served(slot?.routes ?? [])).toMatchObject([{ route: 'GET /a' }, { route: 'GET /b' }]);
    expect(served(slot?.tenants ?? [])).toMatchObject([{ tenant: 'kopi' }, { tenant: 'negoes' }]);
    expect(slot?.routes.reduce((sum, { refused = 0 }) => sum + refused, 0)).toBe(1_000);
    expect(slot?.routes.length).toBeLessThanOrEqual(mostRoutes + 1);
  });
});
