import { RollbackdError } from '../../core/errors.ts';
import type { RestoreScope } from './contract.ts';
import type { MongoConfig } from './schema.ts';
import { oneAddress } from './servers.ts';

const SYSTEM = new Set(['admin', 'config', 'local']);
/** What a pattern or a path would read as more than a name. */
const NO_PLAIN_NAME = /[*?\\/."$\s\0]|^$/;

export function restoreScope(config: MongoConfig): RestoreScope {
  const allowed = config.legacyDatabases.filter(({ policy }) => policy !== 'leave').map(({ name }) => name);
  return { unifiedDatabase: config.unified.database, allowed, namesake: namesakeOf(config) !== undefined };
}

/** The legacy main database where it has the unified one's name: possible on another server only, and only by merging. */
export function namesakeOf(config: Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases'>) {
  const { unified, legacyDatabases } = config;
  if (oneAddress(config)) return undefined;
  return legacyDatabases.find(({ name, policy }) => name === unified.database && policy === 'merge');
}

/**
 * Throws unless the database is one of those that may be written. Names are exact, and compared with the unified one
 * without regard to case: on one server two names may not differ in case only, so the other case means the same database.
 */
export function expectRestorable({ unifiedDatabase, allowed, namesake }: RestoreScope, database: string): void {
  const lower = database.toLowerCase();
  const isNamesake = namesake && database === unifiedDatabase;
  if (!isNamesake && lower === unifiedDatabase.toLowerCase()) throw forbidden(database, 'it is the unified database');
  if (SYSTEM.has(lower)) throw forbidden(database, "it is the server's own");
  if (NO_PLAIN_NAME.test(database)) throw forbidden(database, 'it is no plain name');
  if (!allowed.includes(database)) throw forbidden(database, 'it is not on the list of legacy databases to restore');
}

/** A database with the policy `merge` is replaced by named collections only. */
export function expectMergeable(
  { legacyDatabases }: MongoConfig,
  database: string,
  collections: readonly string[] | undefined,
): void {
  const listed = legacyDatabases.find(({ name }) => name === database)?.collections;
  if (!listed) return;
  if (!collections?.length) throw forbidden(database, 'its policy is merge, and no collection was named');
  const stray = collections.filter((name) => !listed.includes(name));
  if (stray.length > 0) throw forbidden(database, `its list of collections to merge lacks ${stray.join(', ')}`);
}

function forbidden(database: string, why: string): RollbackdError<'forbidden-database'> {
  return new RollbackdError('forbidden-database', `"${database}" must not be written: ${why}`, {
    remedy:
      'list each legacy database by its exact name under mongo.legacyDatabases; the unified one can never be there, and one of its name only on another server, with policy merge',
  });
}
