import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import { oneAddress } from '../../adapters/mongo/servers.ts';
import { RollbackdError } from '../../core/errors.ts';
import { StepFailed } from '../contract.ts';
import type { World } from '../world.ts';

/** Said of a unified server that cannot be reached while the legacy one is another; undefined for every other fault. */
export function outOfReach(mongo: MongoConfig, error: unknown): string | undefined {
  if (!(error instanceof Error) || oneAddress(mongo)) return undefined;
  const isUnreachable = error instanceof RollbackdError && error.reason === 'unreachable';
  const isUnknownHost = 'syscall' in error && error.syscall === 'getaddrinfo';
  return isUnreachable || isUnknownHost ? error.message : undefined;
}

type Looking = Pick<World, 'settings' | 'unified'>;

/** Why there is nothing of the unified database that a snapshot could keep; undefined where there is. */
export async function whyNothingToKeep(world: Looking, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await whyAbsent(world, signal);
  } catch (error) {
    const why = outOfReach(world.settings.mongo, error);
    if (why === undefined) throw error;
    return why;
  }
}

/** Undefined where the unified database is on its server. */
export async function whyAbsent({ settings, unified }: Looking, signal: AbortSignal): Promise<string | undefined> {
  const { database } = settings.mongo.unified;
  const names = await unified.databaseNames(signal);
  if (names.includes(database)) return undefined;
  refuseAnotherCase(database, names);
  // Refused to somebody who may not read it, and so does not see it.
  const collections = await unified.collectionNames(database, signal);
  return collections.length > 0 ? undefined : `its server holds no database of that name`;
}

function refuseAnotherCase(database: string, names: readonly string[]): void {
  const other = names.find((name) => name.toLowerCase() === database.toLowerCase());
  if (other === undefined) return;
  throw new StepFailed('wrong-database', `the server holds ${other}, not ${database}`, {
    remedy: 'correct mongo.unified.database',
  });
}
