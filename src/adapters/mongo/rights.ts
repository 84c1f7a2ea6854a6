import { RollbackdError } from '../../core/errors.ts';
import { expectRestorable, restoreScope } from './restore-scope.ts';
import type { MongoConfig } from './schema.ts';

/** The servers that a configuration names: often one and the same. */
export const servers = ['unified', 'legacy'] as const;
export type ServerName = (typeof servers)[number];

export interface Grant {
  readonly role: string;
  readonly db: string;
}

export interface Privilege {
  readonly resource: { readonly cluster: true } | { readonly db: string; readonly collection: '' };
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

/** Restoring documents that are older than their collection's validator. */
const restorerRole = (databases: readonly string[]): OwnRole => ({
  role: 'rbRestore',
  privileges: databases.map((db) => ({ resource: { db, collection: '' }, actions: ['bypassDocumentValidation'] })),
  roles: [],
});

const usual: Readonly<Record<Purpose, Pick<UserRights, 'user' | 'authSource'>>> = {
  observer: { user: 'rbObserver', authSource: 'admin' },
  dumper: { user: 'rbDumper', authSource: 'admin' },
  restorer: { user: 'rbRestorer', authSource: 'admin' },
};

/** Whether one set of users serves both: two addresses may still be one server, which nobody can tell from here. */
export const isOneServer = ({ unified, legacy }: Pick<MongoConfig, 'unified' | 'legacy'>): boolean =>
  unified.host.toLowerCase() === legacy.host.toLowerCase() && unified.port === legacy.port;

/**
 * What rollbackd's users need on one of the servers, and nothing more.
 * Errors: RollbackdError `forbidden-database` where a database may not be written, `rights` where the restorer would get more than its own.
 */
export function mongoRights(mongo: MongoConfig, server: ServerName): MongoRights {
  const granted = grantsOn(mongo, server);
  const rightsOf = (purpose: Purpose): UserRights => {
    const { user, authSource } = mongo.users?.[purpose] ?? usual[purpose];
    return { user, authSource, roles: [...ownGrants(purpose, granted[purpose]), ...granted[purpose]] };
  };
  const [observer, dumper, restorer] = [rightsOf('observer'), rightsOf('dumper'), rightsOf('restorer')];
  if ([observer, dumper].some((other) => isSame(other, restorer))) throw sharedRestorer(restorer);
  const readers = isSame(observer, dumper) ? [observer] : [observer, dumper];
  const restored = granted.restorer.map(({ db }) => db);
  const ownRoles = [observerRole, ...(restored.length > 0 ? [restorerRole(restored)] : [])];
  return { ownRoles, users: [...readers, restorer].filter(({ roles }) => roles.length > 0) };
}

const isSame = (one: UserRights, other: UserRights) => one.user === other.user && one.authSource === other.authSource;

const sharedRestorer = ({ user }: UserRights) =>
  new RollbackdError('rights', `${user} is to restore, and to read the unified database as well`, {
    remedy: 'give mongo.users.restorer a user of its own: only that can be kept from writing into the unified database',
  });

/** The dumper's are among the observer's, so that one user may be both. */
function grantsOn(mongo: MongoConfig, server: ServerName): Record<Purpose, Grant[]> {
  const holds = (name: ServerName) => name === server || isOneServer(mongo);
  const legacy = holds('legacy') ? mongo.legacyDatabases : [];
  const unified = holds('unified') ? [mongo.unified.database] : [];
  const read = grants('read', [...unified, ...legacy.map(({ name }) => name)]);
  const lease = holds('legacy') ? grants('readWrite', [mongo.leaseDatabase]) : [];
  const restored = legacy.filter(({ policy }) => policy !== 'leave').map(({ name }) => name);
  for (const name of restored) expectRestorable(restoreScope(mongo), name);
  return {
    observer: [...read, ...lease],
    dumper: read,
    restorer: grants('readWrite', restored),
  };
}

/** A role of ours goes with what it is needed for. */
function ownGrants(purpose: Purpose, beside: readonly Grant[]): Grant[] {
  if (purpose === 'observer') return [{ role: observerRole.role, db: 'admin' }];
  return purpose === 'restorer' && beside.length > 0 ? [{ role: restorerRole([]).role, db: 'admin' }] : [];
}

const grants = (role: string, databases: readonly string[]): Grant[] =>
  [...new Set(databases)].map((db) => ({ role, db }));
