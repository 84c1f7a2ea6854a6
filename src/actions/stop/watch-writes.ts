import type { ActivityCounters, MongoReader } from '../../adapters/mongo/contract.ts';
import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { unifiedInDoubt } from './unified-in-doubt.ts';

const notFenced = (message: string, remedy: string) => new StepFailed('not-fenced', message, { remedy });

/** Legacy databases that the run may replace: a write to one of them would be lost, or land in what was just restored. */
const restored = ({ legacyDatabases }: MongoConfig): string[] =>
  legacyDatabases.filter(({ policy }) => policy !== 'leave').map(({ name }) => name);

export const watchedDatabases = (mongo: MongoConfig): string[] => [
  ...new Set([mongo.unified.database, ...restored(mongo)]),
];

/** Both servers over the same time. Throws where anything was written; `inDoubt` says what becomes of a server that does not answer. */
export async function proveNoWrites(
  context: StepContext,
  inDoubt: (error: unknown) => string,
): Promise<number | string> {
  const { settings, unified, legacy } = context.world;
  const looks = await Promise.all([
    proveStill(context, unified, [settings.mongo.unified.database]).catch(unifiedInDoubt(settings.mongo, inDoubt)),
    proveStill(context, legacy, restored(settings.mongo)).catch(inDoubt),
  ]);
  return looks.find((look) => typeof look === 'string') ?? 0;
}

async function proveStill(
  { world, signal }: StepContext,
  reader: MongoReader,
  databases: readonly string[],
): Promise<number> {
  const before = await reader.activity(signal);
  await world.clock.sleep(world.settings.rollback.fenceQuiet, signal);
  expectNoWrites(before, await reader.activity(signal), databases);
  return 0;
}

/** Errors: StepFailed `not-fenced` where anything was written between the two looks. */
export function expectNoWrites(before: ActivityCounters, after: ActivityCounters, databases: readonly string[]): void {
  if (restarted(before, after)) throw notFenced('mongod restarted while it was watched', 'resume the run');
  const written = databases.flatMap((database) => {
    const writes = (after.writes[database] ?? 0) - (before.writes[database] ?? 0);
    return writes === 0 ? [] : [`${writes} writes to ${database}`];
  });
  if (written.length === 0) return;
  throw notFenced(
    `${written.join(', ')} while it was watched`,
    'find the other writer (a worker on another host, a job, a person), stop it, and resume the run',
  );
}

const restarted = (before: ActivityCounters, after: ActivityCounters): boolean =>
  before.serverPid !== after.serverPid || after.uptimeMs < before.uptimeMs;
