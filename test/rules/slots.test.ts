import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostRoutes, mostTenants, type RequestSlot, theRest } from '../../src/model/request-slot.ts';
import { together, withSlots } from '../../src/rules/windows/slots.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { limits } from './looks.ts';
import { slot, slotOf } from './request-slots.ts';

const reach = { from: 0, to: 1e9, slotMs: slot };
const name = fc.constantFrom('a', 'b', 'c', 'd');
const count = fc.nat(50);

const piece: fc.Arbitrary<RequestSlot> = fc
  .record({
    at: fc.nat(5).map((minute) => minute * slot),
    routes: fc.dictionary(name, fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 5 })),
    tenants: fc.dictionary(name, fc.tuple(count, count)),
    requests: count,
    errors: count,
  })
  .map(({ routes, tenants, ...head }) => ({
    ...head,
    routes: Object.entries(routes).map(([route, pairs]) => {
      const latencies = [...new Map(pairs)].sort(([a], [b]) => a - b);
      return { route, requests: latencies.reduce((sum, [, each]) => sum + each, 0), errors: 0, latencies };
    }),
    tenants: Object.entries(tenants).map(([tenant, [requests, errors]]) => ({ tenant, requests, errors })),
  }));

const byName = (slots: readonly RequestSlot[]) =>
  slots.map((each) => ({
    ...each,
    routes: each.routes.toSorted((a, b) => (a.route < b.route ? -1 : 1)),
    tenants: each.tenants.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1)),
  }));

const sumOf = (items: readonly { requests: number; errors: number }[]) => [
  items.reduce((sum, { requests }) => sum + requests, 0),
  items.reduce((sum, { errors }) => sum + errors, 0),
];

describe('slots that are told in pieces', () => {
  it('are the same in whatever order and in however many looks the pieces come', () => {
    const pieces = fc.array(piece, { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.nat(20), fc.infiniteStream(fc.nat()), (told, cut, order) => {
        const shuffled = told.map((each) => [order.next().value, each] as const).sort(([a], [b]) => a - b);
        const atOnce = withSlots([], told, reach);
        const first = withSlots(
          [],
          shuffled.slice(0, cut).map(([, each]) => each),
          reach,
        );
        const inTwo = withSlots(
          first,
          shuffled.slice(cut).map(([, each]) => each),
          reach,
        );
        expect(byName(inTwo)).toEqual(byName(atOnce));
      }),
    );
  });

  it('lose no request and no error, and are in the order of time, each once', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (told) => {
        const slots = withSlots([], told, reach);
        expect(sumOf(slots)).toEqual(sumOf(told));
        expect(sumOf(slots.flatMap(({ tenants }) => tenants))).toEqual(sumOf(told.flatMap(({ tenants }) => tenants)));
        expect(sumOf(slots.flatMap(({ routes }) => routes))).toEqual(sumOf(told.flatMap(({ routes }) => routes)));
        const moments = slots.map(({ at }) => at);
        expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b));
      }),
    );
  });

  it('tell no more routes and tenants apart than is settled, and add up the others with the fewest requests', () => {
    const made = (prefix: string) =>
      Array.from({ length: 300 }, (_, index) => ({ name: `${prefix}${index}`, requests: index + 1, errors: 1 }));
    const busy = (prefix: string): RequestSlot => ({
      at: 0,
      requests: 45_150,
      errors: 300,
      routes: made(prefix).map(({ name: route, ...counts }) => ({
        route,
        ...counts,
        latencies: [[3, counts.requests]],
      })),
      tenants: made(prefix).map(({ name: tenant, ...counts }) => ({ tenant, ...counts })),
    });
    const pieces = ['a', 'b', 'c', 'd'].map(busy);
    const [sum] = withSlots([], pieces, reach);
    expect(sum?.routes).toHaveLength(mostRoutes + 1);
    expect(sum?.tenants).toHaveLength(mostTenants + 1);
    expect(sumOf(sum?.tenants ?? [])).toEqual([4 * 45_150, 1_200]);
    expect(sumOf(sum?.routes ?? [])).toEqual([4 * 45_150, 1_200]);
    const rest = sum?.routes.find(({ route }) => route === theRest);
    expect(rest?.latencies).toEqual([[3, rest?.requests]]);
    expect(sum?.tenants.map(({ tenant }) => tenant)).toEqual(expect.arrayContaining(['a299', 'd299', theRest]));
  });

  it('add two slots up to one that begins with the first', () => {
    const [a, b] = [slotOf(slot, { requests: 3, errors: 1 }), slotOf(0, { requests: 4, errors: 2 })];
    expect(together(a, b)).toMatchObject({ at: 0, requests: 7, errors: 3 });
  });
});

describe('the memory of slots', () => {
  const told = (at: number, slots: RequestSlot[]) =>
    ({ probe: 'requests', at, tookMs: 1, status: 'observed', values: { slots } }) as const;

  it('reaches back six hours of minutes, or as many shorter slots, and forgets what is older', () => {
    const minutes = Array.from({ length: 1_000 }, (_, minute) => told(minute * slot, [slotOf(minute * slot, {})]));
    const windows = remember(emptyWindows(limits), minutes, 1_000 * slot);
    expect(windows.requests.map(({ at }) => at / slot)).toEqual(Array.from({ length: 360 }, (_, index) => index + 640));
    const seconds = { ...limits, slotMs: 1_000, slotsAgeMs: 360_000 };
    const looks = Array.from({ length: 1_000 }, (_, second) => told(second * 1_000, [slotOf(second * 1_000, {})]));
    expect(remember(emptyWindows(seconds), looks, 1_000_000).requests).toHaveLength(360);
    expect(remember(windows, [], 3_000 * slot).requests).toEqual([]);
  });

  it('puts pieces from before the length of a slot was changed on the present grid', () => {
    const halves = [slotOf(30_000, { requests: 5 }), slotOf(60_000, { requests: 6 }), slotOf(90_000, { requests: 7 })];
    const { requests } = remember(emptyWindows(limits), [told(120_000, halves)], 120_000);
    expect(requests.map(({ at, requests: answered }) => [at, answered])).toEqual([
      [0, 5],
      [60_000, 13],
    ]);
  });

  it('keeps nothing that begins in the future: it was written by another clock', () => {
    const windows = remember(emptyWindows(limits), [told(0, [slotOf(0, {}), slotOf(60 * slot, {})])], 10_000);
    expect(windows.requests.map(({ at }) => at)).toEqual([0]);
  });

  it('begins anew where the clock was set back', () => {
    const control = (at: number) =>
      ({ probe: 'control', at, tookMs: 0, status: 'observed', values: { loopDelayMs: 1 } }) as const;
    const late = 600 * slot;
    const before = remember(emptyWindows(limits), [control(late), told(late, [slotOf(late, {})])], late);
    const after = remember(before, [control(10 * slot), told(10 * slot, [slotOf(9 * slot, {})])], 10 * slot);
    expect(after.requests.map(({ at }) => at)).toEqual([9 * slot]);
  });

  it('is after a restart what it was before it, told anew by the recorder all at once', () => {
    const looks = Array.from({ length: 40 }, (_, index) => {
      const at = index * 5_000;
      return told(at, [slotOf(Math.floor(at / slot) * slot, { requests: index, tenants: { kopi: [index, 1] } })]);
    });
    const last = 40 * 5_000;
    const lived = looks.reduce((windows, look) => remember(windows, [look], look.at), emptyWindows(limits));
    expect(remember(emptyWindows(limits), looks, last).requests).toEqual(lived.requests);
  });

  it('leaves what was known as it was', () => {
    const known = remember(emptyWindows(limits), [told(0, [slotOf(0, { requests: 1 })])], 0);
    const copy = structuredClone(known.requests);
    remember(known, [told(5_000, [slotOf(0, { requests: 2 })])], 5_000);
    expect(known.requests).toEqual(copy);
  });
});
