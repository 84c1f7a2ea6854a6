import { ascending, middleOf, quantile } from '../../core/latency-buckets.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { baselineAt, type LatencyBaseline } from '../latency-baseline.ts';
import { between } from '../samples/eyesight.ts';
import type { Tally } from '../samples/shares.ts';

export interface SlowRules {
  /** How many times slower than its route's baseline a slow answer is. */
  readonly above: number;
  readonly clear: number;
  /** ms; nothing faster is slow. */
  readonly floor: number;
}

/** The answers of one slot: all together, and of each route with a slow one. */
export interface SlotTally {
  readonly total: Tally;
  readonly routes: readonly RouteTally[];
}

/** The answers of one route in one slot. */
export interface RouteTally extends Tally {
  readonly route: string;
}

/** The slow answers of every route with a baseline. Slots are read in every round, and never change: each is counted once. */
export function slowCounter(baseline: LatencyBaseline, rules: SlowRules): (slot: RequestSlot) => SlotTally {
  const known = new WeakMap<RequestSlot, SlotTally>();
  return (slot) => {
    const before = known.get(slot);
    if (before) return before;
    const routes = countSlow(slot, baseline, rules);
    const counted = { total: routes.reduce(plus, { at: slot.at, all: 0, bad: 0, badToClear: 0 }), routes };
    known.set(slot, counted);
    return counted;
  };
}

const plus = (sum: Tally, { all, bad, badToClear }: Tally): Tally => ({
  at: sum.at,
  all: sum.all + all,
  bad: sum.bad + bad,
  badToClear: sum.badToClear + badToClear,
});

function countSlow({ at, routes }: RequestSlot, baseline: LatencyBaseline, rules: SlowRules): RouteTally[] {
  return routes.flatMap(({ route, latencies }): RouteTally[] => {
    const usual = baseline.get(route);
    if (!usual) return [];
    // A baseline of nothing would make everything infinitely slow.
    const base = Math.max(baselineAt(usual, at), 1);
    const tally = { route, at, all: 0, bad: 0, badToClear: 0 };
    for (const [bucket, count] of latencies) {
      const ms = middleOf(bucket);
      tally.all += count;
      if (ms > rules.above * base && ms > rules.floor) tally.bad += count;
      if (ms > rules.clear * base && ms > rules.floor) tally.badToClear += count;
    }
    return tally.all > 0 ? [tally] : [];
  });
}

/** p95 of each of these routes in [from, to), ms. */
export function p95Of(
  slots: readonly RequestSlot[],
  routes: ReadonlySet<string>,
  from: number,
  to: number,
): Map<string, number> {
  const counts = new Map([...routes].map((route) => [route, new Map<number, number>()]));
  for (const slot of between(slots, from, to)) {
    for (const { route, latencies } of slot.routes) {
      const known = counts.get(route);
      if (known) for (const [bucket, count] of latencies) known.set(bucket, (known.get(bucket) ?? 0) + count);
    }
  }
  return new Map(
    [...counts].flatMap(([route, known]) => {
      const p95 = quantile(ascending(known), 0.95);
      return p95 === undefined ? [] : [[route, p95] as const];
    }),
  );
}
