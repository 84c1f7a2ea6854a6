import { randomBytes } from 'node:crypto';
import type { MongoClient } from 'mongodb';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface SandboxUsers {
  readonly observer: Credentials;
  readonly dumper: Credentials;
  readonly restorer: Credentials;
  readonly appUnified: Credentials;
  readonly appLegacy: Credentials;
}

export interface GuardedDatabases {
  readonly unified: string;
  readonly legacy: readonly string[];
}

type Role = { readonly role: string; readonly db: string };

/** Where the daemon keeps its lease. */
const OWN_DATABASE = 'rollbackd';

/** One user for each job, each with the least rights that suffice for it. */
export async function createUsers(admin: MongoClient, { unified, legacy }: GuardedDatabases): Promise<SandboxUsers> {
  await createObserverRole(admin);
  await createRestorerRole(admin, legacy);
  const everything = [unified, ...legacy];
  const observing = [{ role: 'rbObserve', db: 'admin' }, ...on('read', everything), ...on('readWrite', [OWN_DATABASE])];
  return {
    observer: await createUser(admin, 'rb-observer', observing),
    dumper: await createUser(admin, 'rb-dumper', on('read', everything)),
    restorer: await createUser(admin, 'rb-restorer', [{ role: 'rbRestore', db: 'admin' }, ...on('readWrite', legacy)]),
    appUnified: await createUser(admin, 'app-unified', on('readWrite', [unified])),
    appLegacy: await createUser(admin, 'app-legacy', on('readWrite', legacy)),
  };
}

/** The users as they are, in a copy of the server that they were made in. */
export async function renewPasswords(admin: MongoClient, users: SandboxUsers): Promise<SandboxUsers> {
  const renewed = Object.entries(users).map(
    async ([job, { user }]) => [job, await renewPassword(admin, user)] as const,
  );
  return Object.fromEntries(await Promise.all(renewed)) as unknown as SandboxUsers;
}

export async function renewPassword(admin: MongoClient, user: string): Promise<Credentials> {
  const password = randomPassword();
  await admin.db('admin').command({ updateUser: user, pwd: password });
  return { user, password };
}

export const randomPassword = (): string => randomBytes(18).toString('hex');

async function createObserverRole(admin: MongoClient): Promise<void> {
  const actions = ['serverStatus', 'inprog', 'top', 'listDatabases'];
  const privileges = [{ resource: { cluster: true }, actions }];
  await admin.db('admin').command({ createRole: 'rbObserve', privileges, roles: [] });
}

/** Documents that are older than their collection's validator come back, too. */
async function createRestorerRole(admin: MongoClient, databases: readonly string[]): Promise<void> {
  const actions = ['bypassDocumentValidation'];
  const privileges = databases.map((db) => ({ resource: { db, collection: '' }, actions }));
  await admin.db('admin').command({ createRole: 'rbRestore', privileges, roles: [] });
}

async function createUser(admin: MongoClient, user: string, roles: readonly Role[]): Promise<Credentials> {
  const password = randomPassword();
  await admin.db('admin').command({ createUser: user, pwd: password, roles });
  return { user, password };
}

function on(role: string, databases: readonly string[]): Role[] {
  return databases.map((db) => ({ role, db }));
}
