import type { Latencies, RequestSlot } from '../../model/request-slot.ts';

/** Pieces of the same slot added together, in order of time; slots that begin before `from` are forgotten. */
export function withSlots(
  known: readonly RequestSlot[],
  added: readonly RequestSlot[],
  from: number,
  count: number,
): readonly RequestSlot[] {
  const oldest = known[0]?.at ?? from;
  if (added.length === 0 && oldest >= from) return known;
  const byTime = new Map(known.map((slot) => [slot.at, slot]));
  for (const piece of added) {
    const before = byTime.get(piece.at);
    byTime.set(piece.at, before ? together(before, piece) : piece);
  }
  return [...byTime.values()]
    .filter(({ at }) => at >= from)
    .sort((a, b) => a.at - b.at)
    .slice(-count);
}

/** Two pieces, or two slots, as one that begins with the first. */
export const together = (a: RequestSlot, b: RequestSlot): RequestSlot => ({
  at: Math.min(a.at, b.at),
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  routes: merged(
    a.routes,
    b.routes,
    ({ route }) => route,
    (x, y) => ({
      ...summed(x, y),
      route: x.route,
      latencies: mergedLatencies(x.latencies, y.latencies),
    }),
  ),
  tenants: merged(
    a.tenants,
    b.tenants,
    ({ tenant }) => tenant,
    (x, y) => ({ ...summed(x, y), tenant: x.tenant }),
  ),
});

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

const summed = (a: Counts, b: Counts): Counts => ({ requests: a.requests + b.requests, errors: a.errors + b.errors });

function merged<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string, add: (x: T, y: T) => T): T[] {
  const all = new Map(a.map((item) => [keyOf(item), item]));
  for (const item of b) {
    const before = all.get(keyOf(item));
    all.set(keyOf(item), before === undefined ? item : add(before, item));
  }
  return [...all.values()];
}

function mergedLatencies(a: Latencies, b: Latencies): Latencies {
  const counts = new Map<number, number>(a);
  for (const [bucket, count] of b) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].sort(([x], [y]) => x - y);
}
