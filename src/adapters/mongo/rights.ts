import { RollbackdError } from '../../core/errors.ts';
import { expectWritable } from './restore-scope.ts';
import type { LegacyDatabase, MongoConfig } from './schema.ts';
import { isOneServer } from './servers.ts';

/** The servers that a configuration names: often one and the same. */
export const servers = ['unified', 'legacy'] as const;
export type ServerName = (typeof servers)[number];

export interface Grant {
  readonly role: string;
  readonly db: string;
}

export interface Privilege {
  /** An empty collection stands for all of them. */
  readonly resource: { readonly cluster: true } | { readonly db: string; readonly collection: string };
  readonly actions: readonly string[];
}

/** As the command `createRole` takes it, in the database `admin`. */
export interface OwnRole {
  readonly role: string;
  readonly privileges: readonly Privilege[];
  readonly roles: readonly [];
}

export interface UserRights {
  readonly user: string;
  /** The database that holds the user and its password. */
  readonly authSource: string;
  readonly roles: readonly Grant[];
}

export interface MongoRights {
  /** What built-in roles do not grant without granting more. */
  readonly ownRoles: readonly OwnRole[];
  readonly users: readonly UserRights[];
}

type Purpose = 'observer' | 'dumper' | 'restorer';

/** Looking at the server itself. */
const observerRole: OwnRole = {
  role: 'rbObserve',
  privileges: [{ resource: { cluster: true }, actions: ['serverStatus', 'inprog', 'top', 'listDatabases'] }],
  roles: [],
};

const bypassing = 'bypassDocumentValidation';
/** What mongorestore does with a collection that it drops and builds anew, its options and indexes included. */
const replacing = [
  'insert',
  'createCollection',
  'dropCollection',
  'createIndex',
  'listIndexes',
  'convertToCapped',
  bypassing,
];

/**
 * Restoring documents that are older than their collection's validator; and of a database with policy `merge`, which goes on
 * holding others, replacing the named collections: nothing else there may be written. To see what is there, mongorestore asks
 * for the list of all collections.
 */
const restorerRole = (databases: readonly LegacyDatabase[]): OwnRole => ({
  role: 'rbRestore',
  privileges: databases.flatMap(({ name: db, collections }) =>
    collections
      ? [
          { resource: { db, collection: '' }, actions: ['listCollections'] },
          ...collections.map((collection) => ({ resource: { db, collection }, actions: replacing })),
        ]
      : [{ resource: { db, collection: '' }, actions: [bypassing] }],
  ),
  roles: [],
});

const usual: Readonly<Record<Purpose, Pick<UserRights, 'user' | 'authSource'>>> = {
  observer: { user: 'rbObserver', authSource: 'admin' },
  dumper: { user: 'rbDumper', authSource: 'admin' },
  restorer: { user: 'rbRestorer', authSource: 'admin' },
};

/**
 * What rollbackd's users need on one of the servers, and nothing more.
 * Errors: RollbackdError `forbidden-database` where a database may not be written, `rights` where the restorer would get more than its own.
 */
export function mongoRights(mongo: MongoConfig, server: ServerName): MongoRights {
  const granted = grantsOn(mongo, server);
  const rightsOf = (purpose: Purpose): UserRights => {
    const { user, authSource } = mongo.users?.[purpose] ?? usual[purpose];
    return { user, authSource, roles: granted[purpose] };
  };
  const [observer, dumper, restorer] = [rightsOf('observer'), rightsOf('dumper'), rightsOf('restorer')];
  if ([observer, dumper].some((other) => isSame(other, restorer))) throw sharedRestorer(restorer);
  const readers = isSame(observer, dumper) ? [observer] : [observer, dumper];
  const restored = restoredOn(mongo, server);
  const ownRoles = [observerRole, ...(restored.length > 0 ? [restorerRole(restored)] : [])];
  return { ownRoles, users: [...readers, restorer].filter(({ roles }) => roles.length > 0) };
}

const isSame = (one: UserRights, other: UserRights) => one.user === other.user && one.authSource === other.authSource;

const sharedRestorer = ({ user }: UserRights) =>
  new RollbackdError('rights', `${user} is to restore, and to read the unified database as well`, {
    remedy: 'give mongo.users.restorer a user of its own: only that can be kept from writing into the unified database',
  });

const holds = (mongo: MongoConfig, server: ServerName, side: ServerName): boolean =>
  side === server || isOneServer(mongo);

function restoredOn(mongo: MongoConfig, server: ServerName): LegacyDatabase[] {
  const legacy = holds(mongo, server, 'legacy') ? mongo.legacyDatabases : [];
  const restored = legacy.filter(({ policy }) => policy !== 'leave');
  for (const { name, collections } of restored) expectWritable(mongo, name, collections);
  return restored;
}

/** The dumper's are among the observer's, so that one user may be both. A role of ours goes with what it is needed for. */
function grantsOn(mongo: MongoConfig, server: ServerName): Record<Purpose, Grant[]> {
  const legacy = holds(mongo, server, 'legacy') ? mongo.legacyDatabases : [];
  const unified = holds(mongo, server, 'unified') ? [mongo.unified.database] : [];
  const read = grants('read', [...unified, ...legacy.map(({ name }) => name)]);
  const lease = holds(mongo, server, 'legacy') ? grants('readWrite', [mongo.leaseDatabase]) : [];
  const restored = restoredOn(mongo, server);
  const whole = restored.filter(({ collections }) => collections === undefined).map(({ name }) => name);
  const own = restored.length > 0 ? [{ role: restorerRole([]).role, db: 'admin' }] : [];
  return {
    observer: [{ role: observerRole.role, db: 'admin' }, ...read, ...lease],
    dumper: read,
    restorer: [...own, ...grants('readWrite', whole)],
  };
}

const grants = (role: string, databases: readonly string[]): Grant[] =>
  [...new Set(databases)].map((db) => ({ role, db }));
