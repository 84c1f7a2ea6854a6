import { type Document, MongoClient } from 'mongodb';
import type { Secret } from '../../core/secret.ts';
import { mongoFault } from './mongo-error.ts';
import type { MongoRights, OwnRole, UserRights } from './rights.ts';

/** What became of a user: a new one got its password, another only its roles. */
export interface Applied {
  readonly user: string;
  readonly made: boolean;
}

interface Order {
  /** Of somebody who may administer users. It is told to nobody. */
  readonly uri: Secret;
  readonly rights: MongoRights;
  readonly passwordOf: (user: UserRights) => Secret | undefined;
}

const withinMs = 10_000;

/**
 * Makes the role and the users on one server, or gives those that are there the roles that they should have; passwords of users
 * that are there stay what they are. Can be run again. Errors: those of a connection; `operation-failed` also where a new user has
 * no password in the configuration.
 */
export async function applyRights({ uri, rights, passwordOf }: Order): Promise<Applied[]> {
  await using client = new MongoClient(uri.reveal(), {
    serverSelectionTimeoutMS: withinMs,
    appName: 'rollbackd-rights',
  });
  try {
    await client.connect();
    for (const role of rights.ownRoles) await applyRole(client, role);
    const applied: Applied[] = [];
    for (const user of rights.users) applied.push(await applyUser(client, user, passwordOf(user)));
    return applied;
  } catch (error) {
    const address = client.options.hosts.map(String).join(', ');
    throw mongoFault(error, { address, loggedIn: true, deadline: new AbortController().signal, timeoutMs: withinMs });
  }
}

async function applyRole(client: MongoClient, { role, ...content }: OwnRole): Promise<void> {
  const admin = client.db('admin');
  const { roles }: Document = await admin.command({ rolesInfo: role });
  await admin.command({ [roles.length > 0 ? 'updateRole' : 'createRole']: role, ...structuredClone(content) });
}

async function applyUser(
  client: MongoClient,
  { user, authSource, roles }: UserRights,
  password: Secret | undefined,
): Promise<Applied> {
  const home = client.db(authSource);
  const { users }: Document = await home.command({ usersInfo: user });
  const wanted = roles.map((role) => ({ ...role }));
  if (users.length > 0) {
    await home.command({ updateUser: user, roles: wanted });
    return { user, made: false };
  }
  if (password === undefined) throw new Error(`${user} is new, and mongo.users names no password for it`);
  await home.command({ createUser: user, pwd: password.reveal(), roles: wanted });
  return { user, made: true };
}
