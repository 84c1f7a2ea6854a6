import { RollbackdError } from '../../core/errors.ts';
import { namesakeElsewhere, namesakeHere } from './namesake.ts';
import type { MongoConfig } from './schema.ts';

export type RestoreScope = Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases'>;

const SYSTEM = new Set(['admin', 'config', 'local']);
/** What a pattern or a path would read as more than a name. */
const NO_PLAIN_NAME = /[*?\\/."$\s\0]|^$/;
const NO_PLAIN_COLLECTION = /[*?$\0]|^system\.|^$/;

/**
 * Throws unless these collections of the database may be written; without `collections`, unless all of it may. Names are exact,
 * and compared with the unified one without regard to case: on one server two names may not differ in case only, so the other
 * case means the same database. With policy `merge` nothing but what it names is ever written, whosever the database is.
 */
export function expectWritable(scope: RestoreScope, database: string, collections?: readonly string[]): void {
  const lower = database.toLowerCase();
  const listed = scope.legacyDatabases.filter(({ name }) => name === database);
  const isNamesake =
    (namesakeHere(scope) ?? namesakeElsewhere(scope))?.name === database &&
    listed.every(({ policy }) => policy === 'merge');
  if (!isNamesake && lower === scope.unified.database.toLowerCase()) {
    throw forbidden(database, 'it is the unified database');
  }
  if (SYSTEM.has(lower)) throw forbidden(database, "it is the server's own");
  if (NO_PLAIN_NAME.test(database)) throw forbidden(database, 'it is no plain name');
  if (listed.length === 0 || listed.some(({ policy }) => policy === 'leave')) {
    throw forbidden(database, 'it is not on the list of legacy databases to restore');
  }
  for (const { policy, collections: named = [] } of listed) {
    if (policy !== 'merge') continue;
    const plain = isNamesake ? named.filter((name) => !NO_PLAIN_COLLECTION.test(name)) : named;
    expectNamed(database, plain, collections);
  }
}

function expectNamed(database: string, named: readonly string[], wanted: readonly string[] = []): void {
  if (wanted.length === 0) throw forbidden(database, 'its policy is merge, and no collection was named');
  const stray = wanted.filter((name) => !named.includes(name));
  if (stray.length > 0) throw forbidden(database, `its list of collections to merge lacks ${stray.join(', ')}`);
}

function forbidden(database: string, why: string): RollbackdError<'forbidden-database'> {
  return new RollbackdError('forbidden-database', `"${database}" must not be written: ${why}`, {
    remedy:
      'list each legacy database by its exact name under mongo.legacyDatabases; one that is called as the unified one only with policy merge, with its collections named',
  });
}
