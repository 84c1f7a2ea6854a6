import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { CollectionState } from '../../src/adapters/mongo/contract.ts';
import { readDatabaseState } from '../../src/adapters/mongo/database-state.ts';
import type { Changes } from './changed-config.ts';

/** All that the legacy version of the rough café reads in its main database: nobody asks it for the stock. */
export const merged = ['customers', 'menuitems', 'orders', 'tables', 'tenants', 'units', 'users'] as const;
const never = new AbortController().signal;

/**
 * Makes the rough café one whose legacy main database was always called as the unified one: its backup lies under that name, its
 * environment leads there, and the migration has written into it. Returns what the configuration must say of it.
 */
export async function shareMainDatabase({ mongo, backup, repository }: Sandbox): Promise<Changes> {
  const main = mongo.legacyDatabases.find(({ slug }) => slug === undefined);
  if (!main) throw new Error('the café has no main database');
  const { unifiedDatabase } = mongo;
  const folder = join(backup.path, 'all-databases');
  await rename(join(folder, main.name), join(folder, unifiedDatabase));
  const environment = await readFile(repository.legacyEnvFile, 'utf8');
  await writeFile(repository.legacyEnvFile, environment.replace(`/${main.name}`, `/${unifiedDatabase}`));
  await using admin = await new MongoClient(mongo.adminUri).connect();
  await admin.db(main.name).dropDatabase();
  const roles = [{ role: 'readWrite', db: unifiedDatabase }];
  await admin.db('admin').command({ grantRolesToUser: mongo.users.appLegacy.user, roles });
  return {
    'mongo.legacyTenants.database': unifiedDatabase,
    'mongo.legacyDatabases': mongo.legacyDatabases.map(({ name, slug, tenantField }) =>
      slug === undefined
        ? { name: unifiedDatabase, policy: 'merge', collections: [...merged], tenantField }
        : { name, tenant: slug, policy: 'restore', onDifferent: 'replace' },
    ),
  };
}

/** As rollbackd counts and digests it. */
export async function unifiedState({ mongo }: Sandbox): Promise<readonly CollectionState[]> {
  await using admin = await new MongoClient(mongo.adminUri).connect();
  return await readDatabaseState(admin.db(mongo.unifiedDatabase), { signal: never });
}
