import type { Document } from 'mongodb';
import type { Obstacle } from '../../model/obstacle.ts';
import { openConnection } from './connection.ts';
import { namesakeHere } from './namesake.ts';
import { mongoRights, type OwnRole, type ServerName, type UserRights } from './rights.ts';
import type { MongoConfig, MongoLogin } from './schema.ts';
import { isOneServer } from './servers.ts';

/** What the users of `mongo.users` were given on the servers, against what they need. Errors: those of a connection. */
export interface GrantedRights {
  /** What a run would be refused. */
  missing(signal: AbortSignal): Promise<Obstacle[]>;
  /** What only a mistake could use: the restorer can write what of the unified database is never restored. */
  excessive(signal: AbortSignal): Promise<Obstacle[]>;
}

const purposes = ['observer', 'dumper', 'restorer'] as const;
const mend = 'run the script that `rollbackd permissions` prints, or `rollbackd permissions --apply`';

/** The actions of the built-in roles that a run uses. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  read: ['find', 'listCollections', 'listIndexes', 'collStats', 'dbStats'],
  readWrite: ['find', 'insert', 'remove', 'createCollection', 'dropCollection', 'createIndex', 'listIndexes'],
};

export function grantedRights(config: MongoConfig): GrantedRights {
  const sides: readonly ServerName[] = isOneServer(config) ? ['legacy'] : ['unified', 'legacy'];
  return {
    missing: async (signal) => (await Promise.all(sides.map((side) => missingOn(config, side, signal)))).flat(),
    excessive: (signal) => excessiveOn(config, signal),
  };
}

async function missingOn(config: MongoConfig, side: ServerName, signal: AbortSignal): Promise<Obstacle[]> {
  const { users } = config;
  if (!users) return [];
  const wanted = mongoRights(config, side);
  const logins = purposes.map((purpose) => users[purpose]);
  const looks = wanted.users.map(async (rights) => {
    const login = logins.find(({ user, authSource }) => user === rights.user && authSource === rights.authSource);
    if (!login) return [];
    const granted = await privilegesOf(config, side, login, signal);
    return lacking(rights, granted, wanted.ownRoles).map((what) => ({ what, mend }));
  });
  return (await Promise.all(looks)).flat();
}

function lacking(
  { user, roles }: UserRights,
  granted: readonly Privilege[],
  ownRoles: readonly OwnRole[],
): readonly string[] {
  return roles
    .flatMap(({ role, db }) => privilegesIn(role, db, ownRoles))
    .flatMap(({ resource, actions }) => {
      const onServer = 'cluster' in resource;
      const absent = actions.filter((action) =>
        onServer ? !mayOnCluster(granted, action) : !may(granted, action, resource),
      );
      const where = onServer ? 'on the server' : `on the ${named(resource)}`;
      return absent.length === 0 ? [] : [`The MongoDB user ${user} lacks ${absent.join(', ')} ${where}`];
    });
}

function privilegesIn(role: string, db: string, ownRoles: readonly OwnRole[]): OwnRole['privileges'] {
  const own = ownRoles.find((each) => each.role === role);
  return own?.privileges ?? [{ resource: { db, collection: '' }, actions: actionsOf[role] ?? [] }];
}

const named = ({ db, collection }: Place): string =>
  collection === '' ? `database ${db}` : `collection ${db}.${collection}`;

/** Whatever changes, makes or takes away what a collection holds, or lets somebody else do so. */
const writing = new Set([
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'dropDatabase',
  'createIndex',
  'dropIndex',
  'collMod',
  'convertToCapped',
  'renameCollectionSameDB',
  'anyAction',
]);

/** Where the legacy main database is the unified one, the collections that are put back there are the restorer's as well. */
async function excessiveOn(config: MongoConfig, signal: AbortSignal): Promise<Obstacle[]> {
  const { users, unified } = config;
  if (!users) return [];
  const own = namesakeHere(config)?.collections ?? [];
  const granted = await privilegesOf(config, 'unified', users.restorer, signal).catch((error: unknown) => {
    // On a server of its own it need not even be known.
    if (isOneServer(config)) throw error;
    return [];
  });
  const places = granted.flatMap(({ resource, actions }): string[] => {
    const isThere = resource.anyResource || resource.db === unified.database || resource.db === '';
    const { collection = '' } = resource;
    if (!isThere || own.includes(collection) || !actions.some((action) => writing.has(action))) return [];
    return [collection === '' ? unified.database : `${unified.database}.${collection}`];
  });
  const beyond = own.length > 0 ? `, beyond ${own.join(', ')}` : '';
  const what = (place: string) => `The MongoDB user ${users.restorer.user} can write into ${place}${beyond}`;
  const told = places.includes(unified.database) ? [unified.database] : [...new Set(places)];
  return told.map((place) => ({ what: what(place), mend }));
}

interface Privilege {
  readonly resource: {
    readonly db?: string;
    readonly collection?: string;
    readonly cluster?: boolean;
    readonly anyResource?: boolean;
  };
  readonly actions: readonly string[];
}

interface Place {
  readonly db: string;
  readonly collection: string;
}

/** A privilege on a whole database holds for each of its collections. */
const may = (granted: readonly Privilege[], action: string, { db, collection }: Place): boolean =>
  granted.some(({ resource, actions }) => {
    const isThere = resource.db === db || resource.db === '';
    const covers = resource.collection === '' || resource.collection === collection;
    return actions.includes(action) && (resource.anyResource === true || (isThere && covers));
  });

const mayOnCluster = (granted: readonly Privilege[], action: string): boolean =>
  granted.some(
    ({ resource, actions }) => actions.includes(action) && (resource.cluster === true || resource.anyResource === true),
  );

async function privilegesOf(
  config: MongoConfig,
  side: ServerName,
  login: MongoLogin,
  signal: AbortSignal,
): Promise<readonly Privilege[]> {
  await using connection = openConnection({
    server: config[side],
    login,
    appName: 'rollbackd-rights',
    timeoutMs: config.operationTimeout,
  });
  const { authInfo }: Document = await connection.ask(signal, (client, limits) =>
    client.db('admin').command({ connectionStatus: 1, showPrivileges: true, maxTimeMS: limits.maxTimeMS }, limits),
  );
  return authInfo.authenticatedUserPrivileges;
}
