import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import type { Mongod } from '../servers/mongod.ts';
import { createUsers, type SandboxUsers } from '../servers/users.ts';
import { backUp } from './back-up.ts';
import { insertSeed } from './insert-seed.ts';
import type { Seed } from './seed.ts';

export const unifiedDatabase = 'superkafe_v2';

export interface PrepareLegacyOptions {
  readonly mongod: Mongod;
  readonly client: MongoClient;
  readonly mongodump: string;
  readonly seed: Seed;
  readonly root: string;
}

export interface PreparedLegacy {
  readonly users: SandboxUsers;
  readonly backupFolder: string;
}

export const backupFolderIn = (root: string): string => join(root, 'backup', 'pre-migration');

/** The server as it was before the migration: full, in use by users of few rights, and backed up. */
export async function prepareLegacy({
  mongod,
  client,
  mongodump,
  seed,
  root,
}: PrepareLegacyOptions): Promise<PreparedLegacy> {
  const legacy = seed.databases.map(({ name }) => name);
  const users = await createUsers(client, { unified: unifiedDatabase, legacy });
  await insertSeed(client, seed);
  const backupFolder = backupFolderIn(root);
  await backUp({ mongodump, adminUri: mongod.adminUri, folder: backupFolder, seed });
  return { users, backupFolder };
}
