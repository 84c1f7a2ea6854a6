import { expect, it } from 'vitest';
import { countedSlot, troubled } from '../../../src/rules/sources/counted-slot.ts';
import { slotOf } from '../looks.ts';

/** In each slot menu fails once and refuses once. */
const told = [0, 5_000, 10_000].map((at) =>
  slotOf(at, {
    refused: 1,
    tenants: { kopi: [2, 1], negoes: [5, 0] },
    routes: { menu: { requests: 2, errors: 1, refused: 1, failedFor: [`t${at}`] }, list: { requests: 5 } },
  }),
);

it('has trouble where so many requests failed or were refused in that time', () => {
  const named = (from: number, to: number, least: number) => {
    const { routes, tenants } = troubled(told, from, to, least);
    return [...routes, ...tenants];
  };
  expect(named(0, 15_000, 1)).toEqual(['menu', 'kopi']);
  expect(named(0, 15_000, 3)).toEqual(['menu', 'kopi']);
  expect(named(0, 15_000, 4)).toEqual(['menu']);
  expect([named(0, 15_000, 6), named(0, 15_000, 7)]).toEqual([['menu'], []]);
  expect([named(0, 10_001, 6), named(0, 10_000, 6)]).toEqual([['menu'], []]);
  expect([named(0, 15_000, 6), named(1, 15_000, 6)]).toEqual([['menu'], []]);
});

it('holds all requests of that time, and by name those that are asked for', () => {
  const named = { routes: new Set(['menu', 'never']), tenants: new Set(['kopi']) };
  expect(countedSlot(told, named, 5_000, 15_000)).toEqual({
    at: 5_000,
    requests: 14,
    errors: 2,
    routes: [{ route: 'menu', requests: 4, errors: 2, refused: 2, latencies: [], failedFor: ['t5000', 't10000'] }],
    tenants: [{ tenant: 'kopi', requests: 4, errors: 2, refused: 0 }],
  });
  expect(countedSlot(told, named, 5_000, 10_000)).toMatchObject({ requests: 7, errors: 1 });
  expect(countedSlot([], named, 0, 1)).toEqual({ at: 0, requests: 0, errors: 0, routes: [], tenants: [] });
});
