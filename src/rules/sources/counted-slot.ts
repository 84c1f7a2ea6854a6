import type { RequestSlot } from '../../model/request-slot.ts';
import { between } from '../samples/eyesight.ts';

interface Counts {
  requests: number;
  errors: number;
  refused: number;
  readonly failedFor: Set<string>;
}

/** Routes and tenants by name. */
export interface Named {
  readonly routes: ReadonlySet<string>;
  readonly tenants: ReadonlySet<string>;
}

type Names = Pick<ReadonlySet<string>, 'has'>;

const every: Names = { has: () => true };
const none: Names = new Set();

/** Whom to count: every tenant, and no route by itself. */
export const everyTenant = { routes: none, tenants: every };

/** Those with so many failed or refused requests in [from, to): most slots have none, and are passed over. */
export function troubled(slots: readonly RequestSlot[], from: number, to: number, least: number): Named {
  const routes = new Map<string, Counts>();
  const tenants = new Map<string, Counts>();
  for (const slot of between(slots, from, to)) {
    if (slot.errors + (slot.refused ?? 0) === 0) continue;
    for (const each of slot.routes) count(routes, each.route, each);
    for (const each of slot.tenants) count(tenants, each.tenant, each);
  }
  const namesOf = (all: ReadonlyMap<string, Counts>) =>
    new Set([...all].filter(([, { errors, refused }]) => errors + refused >= least).map(([name]) => name));
  return { routes: namesOf(routes), tenants: namesOf(tenants) };
}

/** All requests of [from, to), and those of these routes and tenants, as one slot, without latencies. */
export function countedSlot(
  slots: readonly RequestSlot[],
  named: { readonly routes: Names; readonly tenants: Names },
  from: number,
  to: number,
): RequestSlot {
  const routes = new Map<string, Counts>();
  const tenants = new Map<string, Counts>();
  let requests = 0;
  let errors = 0;
  for (const slot of between(slots, from, to)) {
    requests += slot.requests;
    errors += slot.errors;
    for (const each of slot.routes) if (named.routes.has(each.route)) count(routes, each.route, each);
    for (const each of slot.tenants) if (named.tenants.has(each.tenant)) count(tenants, each.tenant, each);
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
