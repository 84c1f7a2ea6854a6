import { added } from '../../core/latency-buckets.ts';
import { mostFailedFor, mostRoutes, mostTenants, type RequestSlot, theRest } from '../../model/request-slot.ts';
import { indexFrom } from './eyesight.ts';

export interface Reach {
  /** Slots that begin before it are forgotten. */
  readonly from: number;
  /** Nothing is over that begins after it: such a slot carries the times of another clock. */
  readonly to: number;
  readonly slotMs: number;
}

/** Pieces of the same slot added together, in order of time, on the grid of the present length of a slot. */
export function withSlots(
  known: readonly RequestSlot[],
  pieces: readonly RequestSlot[],
  { from, to, slotMs }: Reach,
): readonly RequestSlot[] {
  if (pieces.length === 0 && (known[0]?.at ?? from) >= from) return known;
  const slots = known.slice(indexFrom(known, from));
  for (const piece of pieces) {
    const at = Math.floor(piece.at / slotMs) * slotMs;
    if (at < from || at > to) continue;
    const index = indexFrom(slots, at);
    const before = slots[index];
    if (before?.at === at) slots[index] = together(before, piece);
    else slots.splice(index, 0, { ...piece, at });
  }
  return slots;
}

/** Two pieces of one slot. */
const together = (a: RequestSlot, b: RequestSlot): RequestSlot => ({
  at: a.at,
  ...summed(a, b),
  ...either('cancelled', a.cancelled, b.cancelled),
  routes: merged(a.routes, b.routes, byRoute),
  tenants: merged(a.tenants, b.tenants, byTenant),
});

interface Counts {
  readonly requests: number;
  readonly errors: number;
  readonly refused?: number | undefined;
}

interface Kind<T> {
  readonly most: number;
  readonly nameOf: (item: T) => string;
  readonly add: (name: string, a: T, b: T) => T;
}

const byRoute: Kind<RequestSlot['routes'][number]> = {
  most: mostRoutes,
  nameOf: ({ route }) => route,
  add: (route, a, b) => ({
    route,
    ...summed(a, b),
    latencies: added(a.latencies, b.latencies),
    ...(a.failedFor || b.failedFor ? { failedFor: named(a.failedFor, b.failedFor) } : {}),
  }),
};

const byTenant: Kind<RequestSlot['tenants'][number]> = {
  most: mostTenants,
  nameOf: ({ tenant }) => tenant,
  add: (tenant, a, b) => ({ tenant, ...summed(a, b) }),
};

const named = (a: readonly string[] = [], b: readonly string[] = []): string[] =>
  [...new Set([...a, ...b])].slice(0, mostFailedFor);

const summed = (a: Counts, b: Counts) => ({
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  ...either('refused', a.refused, b.refused),
});

/** Left out where there was none: most slots have none. */
const either = <K extends string>(key: K, a = 0, b = 0) =>
  (a + b === 0 ? {} : { [key]: a + b }) as { readonly [Key in K]?: number };

function merged<T extends Counts>(a: readonly T[], b: readonly T[], kind: Kind<T>): T[] {
  const all = new Map(a.map((item) => [kind.nameOf(item), item]));
  for (const item of b) {
    const name = kind.nameOf(item);
    const before = all.get(name);
    all.set(name, before === undefined ? item : kind.add(name, before, item));
  }
  return bounded(all, kind);
}

/** Those with the most requests keep their names. */
function bounded<T extends Counts>(all: Map<string, T>, { most, nameOf, add }: Kind<T>): T[] {
  const rest = all.get(theRest);
  const named = [...all.values()].filter((item) => item !== rest);
  if (named.length <= most) return [...all.values()];
  named.sort((a, b) => b.requests - a.requests || (nameOf(a) < nameOf(b) ? -1 : 1));
  const others = [...(rest ? [rest] : []), ...named.slice(most)];
  return [...named.slice(0, most), others.reduce((sum, item) => add(theRest, sum, item))];
}
