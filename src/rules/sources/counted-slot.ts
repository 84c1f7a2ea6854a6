import type { RequestSlot } from '../../model/request-slot.ts';
import { indexFrom } from '../samples/eyesight.ts';

interface Counts {
  requests: number;
  errors: number;
  refused: number;
  readonly failedFor: Set<string>;
}

/** All requests of [from, to) as one slot without their latencies, which take the most time to add up. */
export function countedSlot(slots: readonly RequestSlot[], from: number, to: number): RequestSlot {
  const routes = new Map<string, Counts>();
  const tenants = new Map<string, Counts>();
  let requests = 0;
  let errors = 0;
  for (let index = indexFrom(slots, from); index < slots.length; index += 1) {
    const slot = slots[index];
    if (!slot || slot.at >= to) break;
    requests += slot.requests;
    errors += slot.errors;
    for (const each of slot.routes) count(routes, each.route, each);
    for (const each of slot.tenants) count(tenants, each.tenant, each);
  }
  return {
    at: from,
    requests,
    errors,
    routes: [...routes].map(([route, { failedFor, ...counts }]) => ({
      route,
      ...counts,
      latencies: [],
      failedFor: [...failedFor],
    })),
    tenants: [...tenants].map(([tenant, { failedFor, ...counts }]) => ({ tenant, ...counts })),
  };
}

type Counted = Pick<RequestSlot['routes'][number], 'requests' | 'errors' | 'refused' | 'failedFor'>;

function count(
  all: Map<string, Counts>,
  name: string,
  { requests, errors, refused = 0, failedFor = [] }: Counted,
): void {
  const known = all.get(name) ?? { requests: 0, errors: 0, refused: 0, failedFor: new Set() };
  known.requests += requests;
  known.errors += errors;
  known.refused += refused;
  for (const slug of failedFor) known.failedFor.add(slug);
  all.set(name, known);
}
