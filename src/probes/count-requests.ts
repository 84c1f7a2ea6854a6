import { ascending, bucketOf } from '../core/latency-buckets.ts';
import { mostRoutes, mostTenants, type RequestSlot, theRest } from '../model/request-slot.ts';

/** One request that is over, as it is counted. */
export interface CountedRequest {
  readonly at: number;
  readonly route: string;
  readonly tenant: string;
  readonly failed: boolean;
  readonly durationMs: number;
}

/** No slug is longer. */
const longestTenant = 64;

interface Counts {
  requests: number;
  errors: number;
}

interface RouteCounts extends Counts {
  readonly latencies: Map<number, number>;
}

interface OpenSlot extends Counts {
  readonly routes: Map<string, RouteCounts>;
  readonly tenants: Map<string, Counts>;
}

/** Adds the requests of one look up in slots of time; bounded, however many routes and tenants somebody makes up. */
export class RequestCounter {
  readonly #slotMs: number;
  readonly #slots = new Map<number, OpenSlot>();

  constructor(slotMs: number) {
    this.#slotMs = slotMs;
  }

  count({ at, route, tenant, failed, durationMs }: CountedRequest): void {
    const begin = Math.floor(at / this.#slotMs) * this.#slotMs;
    const slot = entryOf(this.#slots, begin, () => ({ ...none(), routes: new Map(), tenants: new Map() }));
    add(slot, failed);
    const routeCounts = entryOf(slot.routes, nameWithin(slot.routes, route, mostRoutes), () => ({
      ...none(),
      latencies: new Map(),
    }));
    add(routeCounts, failed);
    const bucket = bucketOf(durationMs);
    routeCounts.latencies.set(bucket, (routeCounts.latencies.get(bucket) ?? 0) + 1);
    if (tenant === '') return;
    const name = tenant.length > longestTenant ? theRest : nameWithin(slot.tenants, tenant, mostTenants);
    add(entryOf(slot.tenants, name, none), failed);
  }

  /** Oldest first. */
  slots(): RequestSlot[] {
    return [...this.#slots].sort(([a], [b]) => a - b).map(([at, slot]) => closed(at, slot));
  }
}

const none = (): Counts => ({ requests: 0, errors: 0 });

function add(counts: Counts, failed: boolean): void {
  counts.requests += 1;
  if (failed) counts.errors += 1;
}

const nameWithin = (known: ReadonlyMap<string, unknown>, name: string, most: number): string =>
  known.has(name) || known.size < most ? name : theRest;

function entryOf<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

const closed = (at: number, { requests, errors, routes, tenants }: OpenSlot): RequestSlot => ({
  at,
  requests,
  errors,
  routes: [...routes].map(([route, { latencies, ...counts }]) => ({
    route,
    ...counts,
    latencies: ascending(latencies),
  })),
  tenants: [...tenants].map(([tenant, counts]) => ({ tenant, ...counts })),
});
