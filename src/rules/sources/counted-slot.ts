import type { RequestSlot } from '../../model/request-slot.ts';
import { indexFrom } from '../samples/eyesight.ts';

type Route = RequestSlot['routes'][number];
type Tenant = RequestSlot['tenants'][number];

/** All requests of [from, to) as one slot without their latencies, which take the most time to add up. */
export function countedSlot(slots: readonly RequestSlot[], from: number, to: number): RequestSlot {
  const routes = new Map<string, Route>();
  const tenants = new Map<string, Tenant>();
  let requests = 0;
  let errors = 0;
  for (let index = indexFrom(slots, from); index < slots.length; index += 1) {
    const slot = slots[index];
    if (!slot || slot.at >= to) break;
    requests += slot.requests;
    errors += slot.errors;
    for (const each of slot.routes) routes.set(each.route, withRoute(routes.get(each.route), each));
    for (const each of slot.tenants) tenants.set(each.tenant, withTenant(tenants.get(each.tenant), each));
  }
  return { at: from, requests, errors, routes: [...routes.values()], tenants: [...tenants.values()] };
}

const withRoute = (known: Route | undefined, { route, requests, errors, refused = 0, failedFor }: Route): Route => ({
  route,
  requests: requests + (known?.requests ?? 0),
  errors: errors + (known?.errors ?? 0),
  refused: refused + (known?.refused ?? 0),
  latencies: [],
  failedFor: failedFor ? [...new Set([...(known?.failedFor ?? []), ...failedFor])] : (known?.failedFor ?? []),
});

const withTenant = (known: Tenant | undefined, { tenant, requests, errors, refused = 0 }: Tenant): Tenant => ({
  tenant,
  requests: requests + (known?.requests ?? 0),
  errors: errors + (known?.errors ?? 0),
  refused: refused + (known?.refused ?? 0),
});
