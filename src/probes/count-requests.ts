import { bucketOf } from '../core/latency-buckets.ts';
import type { RequestSlot } from '../model/request-slot.ts';

/** One request that is over, as it is counted. */
export interface CountedRequest {
  readonly at: number;
  readonly route: string;
  readonly tenant: string;
  readonly failed: boolean;
  readonly durationMs: number;
}

const mostRoutes = 50;
const mostTenants = 200;
const other = 'other';

interface Counts {
  requests: number;
  errors: number;
}

interface OpenSlot extends Counts {
  readonly routes: Map<string, Counts & { readonly latencies: Map<number, number> }>;
  readonly tenants: Map<string, Counts>;
}

/** Adds requests up in slots of time; bounded, however many routes and tenants somebody makes up. */
export class RequestCounter {
  readonly #slotMs: number;
  readonly #slots = new Map<number, OpenSlot>();

  constructor(slotMs: number) {
    this.#slotMs = slotMs;
  }

  count({ at, route, tenant, failed, durationMs }: CountedRequest): void {
    const begin = Math.floor(at / this.#slotMs) * this.#slotMs;
    const slot = this.#slots.get(begin) ?? { requests: 0, errors: 0, routes: new Map(), tenants: new Map() };
    this.#slots.set(begin, slot);
    add(slot, failed);
    const byRoute = entryOf(slot.routes, route, mostRoutes, () => ({ requests: 0, errors: 0, latencies: new Map() }));
    add(byRoute, failed);
    const bucket = bucketOf(durationMs);
    byRoute.latencies.set(bucket, (byRoute.latencies.get(bucket) ?? 0) + 1);
    if (tenant !== '')
      add(
        entryOf(slot.tenants, tenant, mostTenants, () => ({ requests: 0, errors: 0 })),
        failed,
      );
  }

  /** What was counted since the last call. */
  take(): RequestSlot[] {
    const slots = [...this.#slots].sort(([a], [b]) => a - b).map(([at, slot]) => closed(at, slot));
    this.#slots.clear();
    return slots;
  }
}

function add(counts: Counts, failed: boolean): void {
  counts.requests += 1;
  if (failed) counts.errors += 1;
}

function entryOf<T>(known: Map<string, T>, name: string, most: number, make: () => T): T {
  const key = known.has(name) || known.size < most ? name : other;
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

const closed = (at: number, { requests, errors, routes, tenants }: OpenSlot): RequestSlot => ({
  at,
  requests,
  errors,
  routes: [...routes].map(([route, counts]) => ({
    route,
    requests: counts.requests,
    errors: counts.errors,
    latencies: [...counts.latencies].sort(([a], [b]) => a - b),
  })),
  tenants: [...tenants].map(([tenant, counts]) => ({ tenant, ...counts })),
});
