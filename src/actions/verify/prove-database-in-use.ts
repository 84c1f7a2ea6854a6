import type { ActivityCounters } from '../../adapters/mongo/contract.ts';
import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { outOfReach } from '../restore/unified-database.ts';
import { servedTenants } from '../served-tenants.ts';
import { databaseOf, listAs } from './tenant-request.ts';

const tries = 5;

/**
 * Which database a request really used: `top` counts read locks per namespace. The tenant's own must move,
 * the unified one and those of all other tenants must stand still. Other readers can only disturb, so a disturbed look is repeated.
 */
export const proveDatabaseInUse: Action = {
  describe: ({ settings }) => ({
    title: 'Ask one request for each tenant and see which database it read',
    commands: [],
    evidence: `the tenant's own legacy database was read, ${settings.mongo.unified.database} and those of the other tenants were not`,
    effect: 'one read request for each tenant',
    expectedMs: 200 * servedTenants(settings.target).length,
  }),

  async prove(context) {
    const tenants = servedTenants(context.world.settings.target);
    let unseen: string | undefined;
    for (const { slug } of tenants) unseen = (await proveTenant(context, slug)).unifiedUnseen ?? unseen;
    return { tenants: tenants.length, ...(unseen !== undefined && { unified: `not checked: ${unseen}` }) };
  },
};

interface Reads {
  readonly own: number;
  readonly unified: number;
  /** Why it could not be looked at: nobody reads what is out of reach, as far as can be seen from here. */
  readonly unifiedUnseen?: string;
  /** Of other tenants' databases, those that were read. */
  readonly others: Readonly<Record<string, number>>;
}

async function proveTenant(context: StepContext, tenant: string): Promise<Reads> {
  const own = databaseOf(context, tenant);
  let reads: Reads = { own: 0, unified: 0, others: {} };
  for (let attempt = 0; attempt < tries; attempt++) {
    reads = await readsOfOneRequest(context, tenant, own);
    if (reads.own > 0 && reads.unified === 0 && Object.keys(reads.others).length === 0) return reads;
  }
  const { database } = context.world.settings.mongo.unified;
  const others = Object.entries(reads.others).map(([name, count]) => ` and ${name} ${count} times`);
  throw new StepFailed(
    'wrong-database',
    `a request of ${tenant} read ${own} ${reads.own} times and ${database} ${reads.unified} times${others.join('')}`,
    {
      remedy: 'see which environment the running application has',
    },
  );
}

async function readsOfOneRequest(context: StepContext, tenant: string, own: string): Promise<Reads> {
  const { world, signal } = context;
  const [route] = world.settings.probes.legacy.routes.filter(({ trusted }) => trusted);
  if (!route) throw new StepFailed('refused', 'probes.legacy.routes names no trusted route to ask');
  const unified = world.settings.mongo.unified.database;
  const [legacyBefore, unifiedBefore] = [await world.legacy.activity(signal), await unifiedActivity(context)];
  await listAs(context, { tenant, route, entrance: 'application' });
  const [legacyAfter, unifiedAfter] = [await world.legacy.activity(signal), await unifiedActivity(context)];
  const moved = (database: string, before: ActivityCounters, after: ActivityCounters) =>
    (after.reads[database] ?? 0) - (before.reads[database] ?? 0);
  const unseen = [unifiedBefore, unifiedAfter].find((look) => typeof look === 'string');
  const others = othersThan(own, world.settings.mongo).map((name) => [name, moved(name, legacyBefore, legacyAfter)]);
  return {
    own: moved(own, legacyBefore, legacyAfter),
    unified:
      typeof unifiedBefore === 'string' || typeof unifiedAfter === 'string'
        ? 0
        : moved(unified, unifiedBefore, unifiedAfter),
    ...(unseen !== undefined && { unifiedUnseen: unseen }),
    others: Object.fromEntries(others.filter(([, count]) => count !== 0)),
  };
}

/** In words why there is none, where its server is another one and out of reach. */
async function unifiedActivity({ world, signal }: StepContext): Promise<ActivityCounters | string> {
  try {
    return await world.unified.activity(signal);
  } catch (error) {
    const why = outOfReach(world.settings.mongo, error);
    if (why === undefined) throw error;
    return why;
  }
}

/** A main database, which belongs to no tenant, may be read for every one of them. */
const othersThan = (own: string, { legacyDatabases }: MongoConfig): string[] =>
  legacyDatabases.filter(({ name, tenant }) => tenant !== undefined && name !== own).map(({ name }) => name);
