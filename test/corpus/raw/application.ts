import { type CafeRoute, tenants, usualFailures } from './cafe.ts';
import { documentsOf } from './documents.ts';
import type { Dice } from './random.ts';
import type { Fault, Leak, World } from './world.ts';

/** `never`: it hangs as long as anybody waits. */
export interface Answer {
  readonly status: number;
  readonly takes: number | 'never';
}

export interface Request extends Pick<CafeRoute, 'route' | 'p95'> {
  readonly tenant: string;
  readonly refusals: CafeRoute['refusals'];
}

const concerns = ({ tenants: whose, routes }: Fault, { tenant, route }: Request): boolean =>
  (whose?.includes(tenant) ?? true) && (routes?.includes(route) ?? true);

/** How long mongoose waits for a server that is not there. */
const databaseTimeout = 30_000;

/** How the application answers a request for data; nothing while there is no application. */
export function answerTo(request: Request, world: World, dice: Dice): Answer | undefined {
  if (world.application === 'gone' || world.application === 'starting') return undefined;
  if (world.application === 'hanging') return { status: 200, takes: 'never' };
  if (world.application === 'failing') return { status: 503, takes: dice.between(1, 8) };
  if (world.mongod === 'down') return { status: 500, takes: databaseTimeout };
  if (world.mongod === 'login refused') return { status: 500, takes: dice.between(5, 40) };
  const hits = world.faults.filter((fault) => concerns(fault, request) && dice.happens(fault.share ?? 1));
  const takes = dice.duration(request.p95) * hits.reduce((times, fault) => times * (fault.times ?? 1), 1);
  if (hits.some(({ hangs }) => hangs)) return { status: 200, takes: 'never' };
  return { status: hits.find(({ status }) => status !== undefined)?.status ?? usualStatus(request, dice), takes };
}

function usualStatus({ refusals }: Request, dice: Dice): number {
  if (dice.happens(usualFailures)) return 500;
  return refusals.find(([, share]) => dice.happens(share))?.[0] ?? 200;
}

export type ListRoute = 'menu' | 'orders' | 'tables';

/** Which documents an answer holds: the asker's own, and what leaks into it. `turn` counts the answers to that tenant. */
export function listFor(route: ListRoute, tenant: string, world: World, leaks: readonly Leak[]): unknown {
  if (world.listsUnreadable) return { success: true, html: '<table></table>' };
  const own =
    world.empty.includes(route) || tenant === ''
      ? []
      : documentsOf(route, tenant).map((document) => written(document, usualShape(world)));
  const foreign = leaks.flatMap(({ of, documents = 3, shape = usualShape(world) }) =>
    documentsOf(route, of, documents).map((document) => written(document, shape)),
  );
  const all = [...own, ...foreign];
  return route === 'orders' ? { success: true, data: all } : all;
}

export const oneFor = (id: string, { shape }: Leak, world: World): unknown =>
  written({ _id: id, code: 'one' }, shape ?? usualShape(world));

const usualShape = ({ idIsCalled }: World) => (idIsCalled === 'id' ? 'id' : 'bare');

function written({ _id, code }: { readonly _id: string; readonly code: string }, shape: NonNullable<Leak['shape']>) {
  switch (shape) {
    case 'bare':
      return { _id, code, name: 'Kopi susu', price: 18_000 };
    case 'id':
      return { id: _id, code, name: 'Kopi susu', price: 18_000 };
    case 'wrapped':
      return { success: true, item: { _id, code, name: 'Kopi susu', price: 18_000 } };
  }
}

interface AskedFor {
  readonly tenant: string;
  readonly route: ListRoute;
  readonly on: Leak['on'];
  /** Past the balancer and its cache. */
  readonly direct: boolean;
}

/**
 * Counts the answers to each tenant on each route, for a leak that shows on one of so many. A cache counts those that
 * pass it.
 */
export class Leaking {
  readonly #answers = new Map<string, number>();
  readonly #shown = new Map<Leak, number>();

  shown(leaks: readonly Leak[], { tenant, route, on, direct }: AskedFor): Leak[] {
    const key = `${on} ${route} ${tenant}`;
    const turn = counted(this.#answers, key);
    const passed = direct ? undefined : counted(this.#answers, `${key} through the balancer`);
    return leaks
      .filter((leak) => leak.as === tenant && leak.route === route && leak.on === on)
      .filter(({ from, oneIn = 1 }) => {
        const answers = from === 'cache of the balancer' ? passed : turn;
        return answers !== undefined && answers % oneIn === 0;
      })
      .filter((leak) => counted(this.#shown, leak) <= (leak.times ?? Number.POSITIVE_INFINITY));
  }
}

function counted<K>(counts: Map<K, number>, key: K): number {
  const turn = (counts.get(key) ?? 0) + 1;
  counts.set(key, turn);
  return turn;
}

export const knownTenant = (tenant: string): boolean => tenants.some((each) => each === tenant);
