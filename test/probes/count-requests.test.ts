import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostRoutes, mostTenants, theRest } from '../../src/model/request-slot.ts';
import { type CountedRequest, RequestCounter } from '../../src/probes/count-requests.ts';

const minute = 60_000;

const request: fc.Arbitrary<CountedRequest> = fc.record({
  at: fc.nat(5 * minute),
  route: fc.oneof(fc.constantFrom('GET /a', 'GET /b'), fc.string()),
  tenant: fc.oneof(fc.constantFrom('', 'kopi', 'negoes'), fc.string({ maxLength: 90 })),
  failed: fc.boolean(),
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
          expect(slot.requests).toBe(own.length);
          expect(slot.errors).toBe(own.filter(({ failed }) => failed).length);
          const answers = slot.routes.flatMap(({ latencies }) => latencies.map(([, count]) => count));
          expect(answers.reduce((sum, count) => sum + count, 0)).toBe(own.length);
          const told = slot.tenants.reduce((sum, { requests: asked }) => sum + asked, 0);
          expect(told).toBe(own.filter(({ tenant }) => tenant !== '').length);
        }
      }),
    );
  });

  it('counts a request that began before its slot where it was over', () => {
    const [slot] = counted([{ at: minute + 5, route: 'GET /a', tenant: '', failed: false, durationMs: 30_000 }]);
    expect(slot?.at).toBe(minute);
  });

  it('is bounded, however many routes and tenants somebody makes up', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      at: index,
      route: `GET /${index}`,
      tenant: index === 0 ? 'x'.repeat(10_000) : `tenant-${index}`,
      failed: true,
      durationMs: index,
    }));
    const [slot] = counted(many);
    expect(slot?.routes).toHaveLength(mostRoutes + 1);
    expect(slot?.tenants.length).toBeLessThanOrEqual(mostTenants + 1);
    expect(slot?.routes.find(({ route }) => route === theRest)).toMatchObject({ requests: 5_000 - mostRoutes });
    expect(JSON.stringify(slot).length).toBeLessThan(40_000);
  });
});
