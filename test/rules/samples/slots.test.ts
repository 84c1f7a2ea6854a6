import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostFailedFor, mostRoutes, mostTenants, type RequestSlot, theRest } from '../../../src/model/request-slot.ts';
import { withSlots } from '../../../src/rules/samples/slots.ts';
import { slotOf } from '../looks.ts';

const slotMs = 5_000;
const reach = { from: 0, to: 1_000_000, slotMs };
const add = (pieces: readonly RequestSlot[], known: readonly RequestSlot[] = []) => withSlots(known, pieces, reach);
const one = (at: number, requests = 1) => slotOf(at, { requests });
/** Two pieces of one slot. */
const together = (a: RequestSlot, b: RequestSlot) => add([a, b])[0] as RequestSlot;

describe('slots of requests', () => {
  it('are kept in the order of time, however they come', () => {
    expect(add([one(10_000), one(0), one(5_000)]).map(({ at }) => at)).toEqual([0, 5_000, 10_000]);
  });

  it('lie on the grid of the present length', () => {
    expect(add([one(4_999), one(5_000), one(9_999)]).map(({ at, requests }) => [at, requests])).toEqual([
      [0, 1],
      [5_000, 2],
    ]);
  });

  it('are forgotten when they begin before the reach, and not taken beyond it', () => {
    const bounds = { from: 10_000, to: 20_000, slotMs };
    const pieces = [5_000, 10_000, 20_000, 25_000].map((at) => one(at));
    expect(withSlots([], pieces, bounds).map(({ at }) => at)).toEqual([10_000, 20_000]);
    expect(withSlots(pieces, [], bounds).map(({ at }) => at)).toEqual([10_000, 20_000, 25_000]);
    const known = [one(10_000)];
    expect(withSlots(known, [], bounds)).toBe(known);
  });

  it('add up whatever was told of them in pieces', () => {
    const first = slotOf(0, {
      requests: 3,
      errors: 1,
      refused: 2,
      tenants: { kopi: [2, 1], negoes: [1, 0] },
      routes: { menu: { requests: 2, errors: 1, ms: 10, failedFor: ['kopi'] }, list: { requests: 1, ms: 10 } },
    });
    const second = slotOf(0, {
      requests: 5,
      errors: 2,
      refused: 1,
      tenants: { kopi: [5, 2] },
      routes: { menu: { requests: 5, errors: 2, refused: 1, ms: 10, failedFor: ['warung', 'kopi'] } },
    });
    const [slot] = add([first, { ...second, cancelled: 4 }]);
    expect(slot).toMatchObject({ at: 0, requests: 8, errors: 3, refused: 3, cancelled: 4 });
    expect(slot?.tenants).toEqual([
      { tenant: 'kopi', requests: 7, errors: 3 },
      { tenant: 'negoes', requests: 1, errors: 0 },
    ]);
    const [bucket] = first.routes[0]?.latencies[0] ?? [];
    expect(slot?.routes[0]).toEqual({
      route: 'menu',
      requests: 7,
      errors: 3,
      refused: 1,
      latencies: [[bucket, 7]],
      failedFor: ['kopi', 'warung'],
    });
    expect(slot?.routes[1]).toMatchObject({ route: 'list', requests: 1 });
    expect(slot?.routes[1]).not.toHaveProperty('failedFor');
  });

  it('say nothing of what there was none of', () => {
    expect(Object.keys(together(one(0), one(0))).sort()).toEqual(['at', 'errors', 'requests', 'routes', 'tenants']);
  });

  it('name whom a route failed for where either piece says so', () => {
    const menu = (failedFor?: string[]) =>
      slotOf(0, { routes: { menu: { requests: 1, errors: 1, ...(failedFor && { failedFor }) } } });
    const failedIn = (a: RequestSlot, b: RequestSlot) => together(a, b).routes[0];
    expect(failedIn(menu(['kopi']), menu())?.failedFor).toEqual(['kopi']);
    expect(failedIn(menu(), menu(['kopi']))?.failedFor).toEqual(['kopi']);
    expect(failedIn(menu(), menu())).not.toHaveProperty('failedFor');
  });

  it('name a few of the tenants for whom a route failed', () => {
    const failed = (...failedFor: string[]) => slotOf(0, { routes: { menu: { requests: 1, errors: 1, failedFor } } });
    const [menu] = together(failed('a', 'b'), failed('c', 'd')).routes;
    expect(menu?.failedFor).toEqual(['a', 'b', 'c']);
    expect(mostFailedFor).toBe(3);
  });

  it('tell no more tenants and routes apart than is bounded; those with most requests keep their names', () => {
    const crowd = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, [1, 1] as const]));
    const busy = slotOf(0, { tenants: { busy: [9, 0], [theRest]: [4, 2] } });
    const full = together(slotOf(0, { tenants: crowd(mostTenants - 1) }), busy);
    expect(full.tenants).toHaveLength(mostTenants + 1);
    const exact = together(slotOf(0, { tenants: crowd(mostTenants) }), slotOf(0, { tenants: { t1: [1, 0] } }));
    expect(exact.tenants.map(({ tenant }) => tenant)).toEqual(Object.keys(crowd(mostTenants)));
    const { tenants } = together(full, slotOf(0, { tenants: { zz: [1, 0], yy: [2, 0] } }));
    expect(tenants).toHaveLength(mostTenants + 1);
    expect(tenants.slice(0, 2)).toMatchObject([{ tenant: 'busy' }, { tenant: 'yy' }]);
    expect(tenants.at(-1)).toEqual({ tenant: theRest, requests: 6, errors: 3 });
    expect(tenants.find(({ tenant }) => tenant === 'zz')).toBeUndefined();
    expect([mostTenants, mostRoutes]).toEqual([200, 50]);
  });

  it('add up the routes beyond the bound, too, under one name', () => {
    const crowd = Object.fromEntries(
      Array.from({ length: mostRoutes + 2 }, (_, index) => [`r${61 - index}`, { requests: 1 }]),
    );
    const { routes } = together(slotOf(0, { routes: crowd }), slotOf(0, { routes: { r61: { requests: 1 } } }));
    expect(routes).toHaveLength(mostRoutes + 1);
    expect(routes[0]).toMatchObject({ route: 'r61', requests: 2 });
    expect(routes.at(-1)).toMatchObject({ route: theRest, requests: 2 });
    // Of those with as many requests the first by name.
    expect(routes.slice(1, 3).map(({ route }) => route)).toEqual(['r10', 'r11']);
    expect(routes.at(-2)).toMatchObject({ route: 'r58' });
  });

  it('come out the same whether they are told whole or in pieces, in whatever order', () => {
    const piece = fc.record({ at: fc.nat(9).map((index) => index * 1_000), requests: fc.nat(9), errors: fc.nat(3) });
    const pieces = fc.array(
      piece.map(({ at, ...counts }) => slotOf(at, { ...counts, tenants: { kopi: [counts.requests, counts.errors] } })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, fc.nat(12), (all, cut) => {
        const whole = add(all);
        expect(add(all.slice(cut), add(all.slice(0, cut)))).toEqual(whole);
        expect(add(all.toReversed())).toEqual(whole);
      }),
    );
  });
});
