import { homeDatabases } from '../../adapters/mongo/legacy-homes.ts';
import { namesakeHere } from '../../adapters/mongo/namesake.ts';
import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { servedTenants } from '../served-tenants.ts';
import { disturbed } from './disturbed-reads.ts';
import { listOnceServed } from './tenant-request.ts';
import { type Look, lookAt, type Reads, readsBetween } from './watch-reads.ts';

/** One request at a time first, which proves the most; then many between two looks, so that a few reads of others do not matter. */
const requestsPerTry = [1, 1, 1, 1, 1, 10, 10, 10, 10, 10];
const firstPause = 100;
const longestPause = 1_000;

/**
 * Which database a request really used: `top` counts read locks per namespace. One with documents of the tenant, its own or one that
 * it shares, must move with the requests; the unified one and those of all other tenants must not. Other readers can only disturb: what they do while nothing is asked
 * is taken off, and a disturbed try is repeated after a pause.
 */
export const proveDatabaseInUse: Action = {
  describe: ({ settings }) => ({
    title: 'Ask one request for each tenant and see which database it read',
    commands: [],
    evidence: `a legacy database with documents of the tenant was read, ${ofUnified(settings.mongo)} and those of the other tenants were not`,
    effect: 'one read request for each tenant, more where others read too',
    expectedMs: firstPause + 200 * servedTenants(settings.target).length,
  }),

  async prove(context) {
    const tenants = servedTenants(context.world.settings.target);
    let last = await lookAt(context);
    let unseen: string | undefined;
    for (const { slug } of tenants) {
      const proof = await proveTenant(context, slug, last);
      last = proof.last;
      unseen = proof.reads.unifiedUnseen ?? unseen;
    }
    return { tenants: tenants.length, ...(unseen !== undefined && { unified: `not checked: ${unseen}` }) };
  },
};

interface Proof {
  readonly last: Look;
  readonly reads: Reads;
}

async function proveTenant(context: StepContext, tenant: string, begin: Look): Promise<Proof> {
  const { clock } = context.world;
  const homes = homeDatabases(context.world.settings.mongo, tenant).map(({ name }) => name);
  const idle: Reads[] = [];
  let last = begin;
  let single: Reads | undefined;
  for (const [attempt, requests] of requestsPerTry.entries()) {
    if (requests > 1 && !anyRead(context, idle)) break;
    await clock.sleep(Math.min(longestPause, firstPause * 2 ** attempt), context.signal);
    const before = await lookAt(context);
    idle.push(readsBetween(context, last, before));
    for (let count = 0; count < requests; count++) await ask(context, tenant);
    last = await lookAt(context);
    const reads = readsBetween(context, before, last);
    if (isProof(context, { homes, requests, reads, idle })) return { last, reads };
    if (requests === 1) single = reads;
  }
  throw await wrongDatabase(context, { tenant, homes, reads: single, idle });
}

async function ask(context: StepContext, tenant: string): Promise<void> {
  const [route] = context.world.settings.probes.legacy.routes.filter(({ trusted }) => trusted);
  if (!route) throw new StepFailed('refused', 'probes.legacy.routes names no trusted route to ask');
  await listOnceServed(context, { tenant, route });
}

interface Try {
  /** Databases that hold documents of the tenant. */
  readonly homes: readonly string[];
  readonly requests: number;
  readonly reads: Reads;
  /** While nothing was asked. */
  readonly idle: readonly Reads[];
}

/** If the application had read another database for its answers, that would have moved at least as often as it was asked. */
function isProof({ world }: StepContext, { homes, requests, reads, idle }: Try): boolean {
  const { mongo } = world.settings;
  const still = (count: number) => (requests === 1 ? count === 0 : count < requests / 2);
  const isRead = homes.some((name) => reads.legacy(name) >= requests + byOthers(name, requests, idle));
  return isRead && still(reads.unified) && othersThan(homes, mongo).every((name) => still(reads.legacy(name)));
}

/** A single read may always have been somebody else's who was seen before; ten were not, of somebody who just read less. */
function byOthers(name: string, requests: number, idle: readonly Reads[]): number {
  const seen = idle.map(({ legacy }) => legacy(name));
  return requests === 1 ? Math.max(...seen) : (seen.at(-1) ?? 0);
}

function anyRead({ world }: StepContext, idle: readonly Reads[]): boolean {
  const { legacyDatabases } = world.settings.mongo;
  return idle.some(({ unified, legacy }) => unified > 0 || legacyDatabases.some(({ name }) => legacy(name) > 0));
}

interface Failure {
  readonly tenant: string;
  readonly homes: readonly string[];
  readonly reads: Reads | undefined;
  readonly idle: readonly Reads[];
}

async function wrongDatabase(context: StepContext, { tenant, homes, reads, idle }: Failure): Promise<StepFailed> {
  const { mongo } = context.world.settings;
  const others = othersThan(homes, mongo).filter((name) => reads?.legacy(name));
  const times = (name: string) => `${name} ${reads?.legacy(name)} times`;
  const unified = `${ofUnified(mongo)} ${reads?.unified} times${among(reads)}`;
  const said = `a request of ${tenant} read ${[...homes.map(times), unified, ...others.map(times)].join(' and ')}`;
  if (anyRead(context, idle)) return disturbed(context, said, idle);
  return new StepFailed('wrong-database', said, { remedy: remedyFor(reads) });
}

/** Of a database that both versions open, the merged collections say nothing about which of them runs. */
function ofUnified(mongo: MongoConfig): string {
  const merged = namesakeHere(mongo);
  return merged
    ? `${merged.name} (apart from ${merged.collections.join(', ')}, which both versions read)`
    : mongo.unified.database;
}

const among = ({ unifiedCollections = [] }: Partial<Reads> = {}): string =>
  unifiedCollections.length > 0 ? ` (${unifiedCollections.join(', ')})` : '';

const remedyFor = ({ unifiedCollections = [] }: Partial<Reads> = {}): string =>
  unifiedCollections.length > 0
    ? 'see which environment the running application has; or, where the legacy version reads these collections, name them under mongo.legacyDatabases, and begin anew'
    : 'see which environment the running application has';

/** A main database, which belongs to no tenant, may be read for every one of them. */
const othersThan = (homes: readonly string[], { legacyDatabases }: MongoConfig): string[] =>
  legacyDatabases.filter(({ name, tenant }) => tenant !== undefined && !homes.includes(name)).map(({ name }) => name);
