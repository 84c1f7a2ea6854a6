import { quantile, valueOf } from '../../core/latency-buckets.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { baselineAt, type LatencyBaseline } from '../latency-baseline.ts';

export interface SlowRules {
  /** How many times slower than its route's baseline a slow answer is. */
  readonly above: number;
  readonly clear: number;
  /** ms; nothing faster is slow. */
  readonly floor: number;
}

/** The answers of one route in one slot. */
export interface RouteTally {
  readonly route: string;
  readonly at: number;
  readonly all: number;
  readonly bad: number;
  readonly badToClear: number;
}

/** The slow answers of every route with a baseline. Slots are read in every round, and never change: each is counted once. */
export function slowCounter(baseline: LatencyBaseline, rules: SlowRules): (slot: RequestSlot) => readonly RouteTally[] {
  const known = new WeakMap<RequestSlot, readonly RouteTally[]>();
  return (slot) => {
    const before = known.get(slot);
    if (before) return before;
    const counted = countSlow(slot, baseline, rules);
    known.set(slot, counted);
    return counted;
  };
}

function countSlow({ at, routes }: RequestSlot, baseline: LatencyBaseline, rules: SlowRules): RouteTally[] {
  return routes.flatMap(({ route, latencies }): RouteTally[] => {
    const usual = baseline.get(route);
    if (!usual) return [];
    // A baseline of nothing would make everything infinitely slow.
    const base = Math.max(baselineAt(usual, at), 1);
    const tally = { route, at, all: 0, bad: 0, badToClear: 0 };
    for (const [bucket, count] of latencies) {
      const ms = valueOf(bucket);
      tally.all += count;
      if (ms > rules.above * base && ms > rules.floor) tally.bad += count;
      if (ms > rules.clear * base && ms > rules.floor) tally.badToClear += count;
    }
    return tally.all > 0 ? [tally] : [];
  });
}

/** p95 of a route, ms. */
export const p95Of = ({ latencies }: RequestSlot['routes'][number]): number | undefined => quantile(latencies, 0.95);
