import { ascending, bucketOf } from '../core/latency-buckets.ts';
import { mostFailedFor, mostRoutes, mostTenants, type RequestSlot, theRest } from '../model/request-slot.ts';
import { add, BoundedNames, type Counted, type Counts, none, type Outcome } from './bounded-names.ts';

/** One request that is over, as it is counted. */
export interface CountedRequest {
  readonly at: number;
  readonly route: string;
  readonly tenant: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
}

/** No slug is longer. */
const longestTenant = 64;

interface RouteCounts extends Counts {
  readonly latencies: Map<number, number>;
  readonly failedFor: Set<string>;
}

interface OpenSlot extends Counts {
  cancelled: number;
  readonly routes: BoundedNames<RouteCounts>;
  readonly tenants: BoundedNames<Counts>;
}

/** Adds the requests of one look up in slots of time; bounded, however many routes and tenants somebody makes up. */
export class RequestCounter {
  readonly #slotMs: number;
  readonly #slots = new Map<number, OpenSlot>();

  constructor(slotMs: number) {
    this.#slotMs = slotMs;
  }

  count(request: CountedRequest): void {
    const slot = this.#slotAt(request.at);
    const { outcome } = request;
    if (outcome === 'cancelled') {
      slot.cancelled += 1;
      return;
    }
    add(slot, outcome);
    const tenant = request.tenant.length > longestTenant ? theRest : request.tenant;
    countRoute(slot.routes.of(request.route, outcome), { ...request, outcome, tenant });
    if (tenant !== '') add(slot.tenants.of(tenant, outcome), outcome);
  }

  /** Oldest first. */
  slots(): RequestSlot[] {
    return [...this.#slots].sort(([a], [b]) => a - b).map(([at, slot]) => closed(at, slot));
  }

  #slotAt(at: number): OpenSlot {
    const begin = Math.floor(at / this.#slotMs) * this.#slotMs;
    const slot = this.#slots.get(begin) ?? emptySlot();
    this.#slots.set(begin, slot);
    return slot;
  }
}

const emptyRoute = (): RouteCounts => ({ ...none(), latencies: new Map(), failedFor: new Set() });
const emptySlot = (): OpenSlot => ({
  ...none(),
  cancelled: 0,
  routes: new BoundedNames(mostRoutes, emptyRoute),
  tenants: new BoundedNames(mostTenants, none),
});

function countRoute(route: RouteCounts, { outcome, tenant, durationMs }: CountedRequest & { outcome: Counted }): void {
  add(route, outcome);
  if (outcome === 'refused') return;
  const bucket = bucketOf(durationMs);
  route.latencies.set(bucket, (route.latencies.get(bucket) ?? 0) + 1);
  if (outcome === 'failed' && tenant !== '' && route.failedFor.size < mostFailedFor) route.failedFor.add(tenant);
}

const closed = (at: number, { routes, tenants, cancelled, ...counts }: OpenSlot): RequestSlot => ({
  at,
  ...said(counts),
  ...(cancelled > 0 && { cancelled }),
  routes: [...routes].map(([route, { latencies, failedFor, ...each }]) => ({
    route,
    ...said(each),
    latencies: ascending(latencies),
    ...(failedFor.size > 0 && { failedFor: [...failedFor] }),
  })),
  tenants: [...tenants].map(([tenant, each]) => ({ tenant, ...said(each) })),
});

const said = ({ requests, errors, refused }: Counts) => ({ requests, errors, ...(refused > 0 && { refused }) });
