import { bucketOf } from '../../src/core/latency-buckets.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { RequestSlot } from '../../src/model/request-slot.ts';
import { tenants } from './observe.ts';
import { servesData, type World } from './world.ts';

/** How fast the legacy system was, ms. */
export const usual = { 'GET /api/menu': 80, 'GET /api/orders': 120, 'GET /api/reports': 200 } as const;

const shareOf = { 'GET /api/menu': 0.6, 'GET /api/orders': 0.35, 'GET /api/reports': 0.05 } as const;
type Route = keyof typeof usual;
const routes = Object.keys(usual) as Route[];

/** What the balancer wrote in the five seconds before: real requests, which do not come while the application hangs. */
export function requestsAt(world: World, stopped: boolean, at: number, everyMs: number): Observation {
  if (world.blind.includes('requests')) {
    return { probe: 'requests', at, tookMs: 0, status: 'unobserved', reason: 'permission denied' };
  }
  const { requests: perMinute } = world;
  const silent = stopped || world.balancer === 'gone' || ['gone', 'hanging'].includes(world.application);
  const count = silent ? 0 : Math.round((perMinute * everyMs) / 60_000);
  const openUpstream = (world.application === 'hanging' ? 12 : 2) + world.waiting;
  const slots = count === 0 ? [] : [slotOf(world, at, count)];
  return { probe: 'requests', at, tookMs: 2, status: 'observed', values: { slots, openUpstream } };
}

/** rollbackd's own request: one as one tenant. */
export function syntheticAt(world: World, stopped: boolean, at: number, round: number): Observation {
  if (world.blind.includes('network') || world.blind.includes('synthetic')) {
    return { probe: 'synthetic', at, tookMs: 0, status: 'unobserved', reason: 'no network' };
  }
  if (world.balancer === 'gone') {
    return { probe: 'synthetic', at, tookMs: 0, status: 'unobserved', reason: 'the balancer is not there' };
  }
  const tenant = tenants[round % tenants.length] ?? 'negoes';
  const away = stopped || !['up', 'deaf'].includes(world.application) || !servesData(world);
  const affected = world.failingFor === undefined || world.failingFor === tenant;
  // In no step with the tenants, who take turns.
  const failing = affected && world.ownFail && (round * 7) % 10 < world.failing * 10;
  const failed = away || failing ? 1 : 0;
  const latencies: RequestSlot['routes'][number]['latencies'] = [
    [bucketOf(usual['GET /api/menu'] * world.slowness), 1],
  ];
  const slot: RequestSlot = {
    at: Math.floor(at / 5_000) * 5_000 - 5_000,
    requests: 1,
    errors: failed,
    routes: [{ route: 'GET /api/menu', requests: 1, errors: failed, latencies }],
    tenants: [{ tenant, requests: 1, errors: failed }],
  };
  return { probe: 'synthetic', at, tookMs: 2, status: 'observed', values: { slots: [slot] } };
}

function slotOf(world: World, at: number, count: number): RequestSlot {
  const failing = servesData(world) && world.application !== 'sick' ? world.failing : 1;
  const perTenant = world.longTail > 0 ? longTail(world, at, count) : threeTenants(world, count, failing);
  const requests = perTenant.reduce((sum, each) => sum + each.requests, 0);
  const errors = perTenant.reduce((sum, each) => sum + each.errors, 0);
  return {
    at: Math.floor(at / 5_000) * 5_000 - 5_000,
    requests,
    errors,
    tenants: perTenant,
    routes: routes.map((route) => routeOf(world, route, requests)),
  };
}

const threeTenants = ({ failingFor }: World, count: number, failing: number): RequestSlot['tenants'] =>
  tenants.map((tenant) => {
    const requests = Math.round(count / tenants.length);
    const affected = failingFor === undefined || failingFor === tenant;
    return { tenant, requests, errors: affected ? Math.round(requests * failing) : 0 };
  });

/** One request of each of some tenants; whose fail is another matter each time. */
const longTail = (world: World, at: number, count: number): RequestSlot['tenants'] =>
  Array.from({ length: count }, (_, index) => {
    const turn = (at / 5_000) * count + index;
    const unlucky = (turn * 61) % 100 < world.failing * 100;
    return { tenant: `small-${(turn * 7) % world.longTail}`, requests: 1, errors: unlucky ? 1 : 0 };
  });

function routeOf(world: World, route: Route, all: number): RequestSlot['routes'][number] {
  const requests = Math.max(1, Math.round(all * shareOf[route]));
  const slow = world.slowRoute === undefined || world.slowRoute === route;
  const ms = usual[route] * (slow ? world.slowness : 1);
  return { route, requests, errors: 0, latencies: [[bucketOf(ms), requests]] };
}
