import { expect, it } from 'vitest';
import { bucketOf, middleOf } from '../../../src/core/latency-buckets.ts';
import { p95Of, slowCounter } from '../../../src/rules/sources/slow-routes.ts';
import { slotOf } from '../looks.ts';

const rules = { above: 5, clear: 4, floor: 500 };
const baseline = new Map([
  ['menu', { p95: 200, source: '' }],
  ['fast', { p95: 10, source: '' }],
]);
const counted = (routes: Record<string, { requests: number; ms: number }>) =>
  slowCounter(baseline, rules)(slotOf(5_000, { routes }));

it('is an answer above so many times the baseline of its route, and above the floor', () => {
  const slow = (route: string, ms: number) => {
    const { bad, badToClear } = counted({ [route]: { requests: 3, ms } }).total;
    return [bad, badToClear];
  };
  expect([slow('menu', 780), slow('menu', 850), slow('menu', 1_100)]).toEqual([
    [0, 0],
    [0, 3],
    [3, 3],
  ]);
  expect([slow('fast', 480), slow('fast', 530)]).toEqual([
    [0, 0],
    [3, 3],
  ]);
});

it('is not one that takes as long as is just enough, by the middle of its bucket', () => {
  const ms = middleOf(bucketOf(1_000));
  const at = (factor: number) =>
    slowCounter(new Map([['menu', { p95: ms / factor, source: '' }]]), { above: factor, clear: factor, floor: 1 })(
      slotOf(0, { routes: { menu: { requests: 1, ms: 1_000 } } }),
    ).total;
  expect(at(4)).toMatchObject({ all: 1, bad: 0, badToClear: 0 });
  const floor = slowCounter(baseline, { above: 2, clear: 2, floor: ms })(
    slotOf(0, { routes: { fast: { requests: 1, ms: 1_000 } } }),
  );
  expect(floor.total).toMatchObject({ all: 1, bad: 0, badToClear: 0 });
});

it('is measured by a millisecond at least, where a baseline is nothing', () => {
  const nothing = new Map([['menu', { p95: 0, source: '' }]]);
  const count = slowCounter(nothing, { above: 5, clear: 5, floor: 1 });
  const bad = (ms: number) => count(slotOf(0, { routes: { menu: { requests: 1, ms } } })).total.bad;
  expect([bad(4), bad(7)]).toEqual([0, 1]);
});

it('is counted by route, and all together, where there is a baseline', () => {
  const { total, routes } = counted({
    menu: { requests: 2, ms: 2_000 },
    fast: { requests: 3, ms: 20 },
    fresh: { requests: 9, ms: 9_000 },
  });
  expect(total).toEqual({ at: 5_000, all: 5, bad: 2, badToClear: 2 });
  expect(routes).toEqual([
    { route: 'menu', at: 5_000, all: 2, bad: 2, badToClear: 2 },
    { route: 'fast', at: 5_000, all: 3, bad: 0, badToClear: 0 },
  ]);
  expect(counted({ menu: { requests: 0, ms: 1 } }).routes).toEqual([]);
});

it('is counted once for each slot', () => {
  const count = slowCounter(baseline, rules);
  const slot = slotOf(0, { routes: { menu: { requests: 1, ms: 10 } } });
  expect(count(slot)).toBe(count(slot));
});

it('is that of nineteen in twenty answers of the route, over all its slots in that time', () => {
  const slot = (at: number, route: string, ms: number, requests: number) =>
    slotOf(at, { routes: { [route]: { requests, ms } } });
  const p95 = (slow: number) => {
    const answers = [slot(0, 'menu', 10, 100 - slow), slot(5_000, 'menu', 1_000, slow)];
    const others = [slot(7_000, 'fast', 2_000, 50), slot(10_000, 'menu', 3_000, 50)];
    return p95Of([...answers, ...others], new Set(['menu', 'fresh']), 0, 10_000);
  };
  expect(p95(5).get('menu')).toBeLessThan(11);
  expect(p95(6).get('menu')).toBeGreaterThan(900);
  expect(p95(6).get('menu')).toBeLessThan(1_100);
  expect([...p95(6).keys()]).toEqual(['menu']);
});
