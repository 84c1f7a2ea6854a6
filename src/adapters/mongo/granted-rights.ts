import type { Document } from 'mongodb';
import type { Obstacle } from '../../model/obstacle.ts';
import { openConnection } from './connection.ts';
import { isOneServer, mongoRights, type OwnRole, type ServerName, type UserRights } from './rights.ts';
import type { MongoConfig, MongoLogin } from './schema.ts';

/** What the users of `mongo.users` were given on the servers, against what they need. Errors: those of a connection. */
export interface GrantedRights {
  /** What a run would be refused. */
  missing(signal: AbortSignal): Promise<Obstacle[]>;
  /** What only a mistake could use: the restorer can write into the unified database. */
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
        onServer ? !mayOnCluster(granted, action) : !may(granted, action, resource.db),
      );
      const where = onServer ? 'on the server' : `on the database ${resource.db}`;
      return absent.length === 0 ? [] : [`The MongoDB user ${user} lacks ${absent.join(', ')} ${where}`];
    });
}

function privilegesIn(role: string, db: string, ownRoles: readonly OwnRole[]): OwnRole['privileges'] {
  const own = ownRoles.find((each) => each.role === role);
  return own?.privileges ?? [{ resource: { db, collection: '' }, actions: actionsOf[role] ?? [] }];
}

async function excessiveOn(config: MongoConfig, signal: AbortSignal): Promise<Obstacle[]> {
  const { users, unified } = config;
  if (!users) return [];
  const granted = await privilegesOf(config, 'unified', users.restorer, signal).catch((error: unknown) => {
    // On a server of its own it need not even be known.
    if (isOneServer(config)) throw error;
    return [];
  });
  if (!may(granted, 'insert', unified.database)) return [];
  return [{ what: `The MongoDB user ${users.restorer.user} can write into ${unified.database}`, mend }];
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

const may = (granted: readonly Privilege[], action: string, db: string): boolean =>
  granted.some(({ resource, actions }) => {
    const isThere = resource.db === db || resource.db === '';
    return actions.includes(action) && (resource.anyResource === true || (isThere && resource.collection === ''));
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
