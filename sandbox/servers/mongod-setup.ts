import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { type Credentials, randomPassword, renewPassword } from './users.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly replicaSet: boolean;
}

const POLL_MS = 20;
const PRIMARY_WITHIN_MS = 30_000;
const QUICK: MongoClientOptions = {
  serverSelectionTimeoutMS: 250,
  connectTimeoutMS: 250,
  socketTimeoutMS: 5_000,
  maxPoolSize: 1,
};
const PATIENT: MongoClientOptions = { ...QUICK, serverSelectionTimeoutMS: 5_000 };

/** Connects to this one server, whatever name a replica set gives its member. */
export function connectionString({ host, port }: Omit<Place, 'replicaSet'>, who?: Credentials, database = ''): string {
  const login = who ? `${encodeURIComponent(who.user)}:${encodeURIComponent(who.password)}@` : '';
  const authSource = who ? '&authSource=admin' : '';
  return `mongodb://${login}${host}:${port}/${database}?directConnection=true${authSource}`;
}

export async function answers(place: Place): Promise<boolean> {
  return (await hello(place)) !== undefined;
}

export async function takesWrites(place: Place): Promise<boolean> {
  return (await hello(place))?.isWritablePrimary === true;
}

/** By the localhost exception: as long as there is no user, the loopback may make the first one, and start the replica set. */
export async function createRootUser(place: Place): Promise<Credentials> {
  const root = { user: 'root', password: randomPassword() };
  const client = new MongoClient(connectionString(place), PATIENT);
  try {
    if (place.replicaSet) await initiate(client, place);
    await client.db('admin').command({ createUser: root.user, pwd: root.password, roles: ['root'] });
    return root;
  } finally {
    await client.close();
  }
}

async function initiate(client: MongoClient, place: Place): Promise<void> {
  const members = [{ _id: 0, host: `${place.host}:${place.port}` }];
  await client.db('admin').command({ replSetInitiate: { _id: 'sandbox', members } });
  await untilPrimary(place);
}

/** For a copy of the data of another server, in which root has this password: it takes its own port, and root gets a password of its own. */
export async function takeOver(place: Place, root: Credentials): Promise<Credentials> {
  await using client = await new MongoClient(connectionString(place, root), PATIENT).connect();
  if (place.replicaSet) await moveMember(client, place);
  return await renewPassword(client, root.user);
}

/** The set knows its only member by the port that it had. */
async function moveMember(client: MongoClient, place: Place): Promise<void> {
  const admin = client.db('admin');
  const { config } = await admin.command({ replSetGetConfig: 1 });
  const members = [{ ...config.members[0], host: `${place.host}:${place.port}` }];
  const moved = { ...config, version: config.version + 1, members };
  await admin.command({ replSetReconfig: moved, force: true });
  await untilPrimary(place);
}

async function untilPrimary(place: Place): Promise<void> {
  const deadline = performance.now() + PRIMARY_WITHIN_MS;
  while (!(await takesWrites(place))) {
    if (performance.now() > deadline) throw new Error('the replica set has no primary');
    await pause(POLL_MS);
  }
}

async function hello(place: Place): Promise<{ readonly isWritablePrimary?: boolean } | undefined> {
  const client = new MongoClient(connectionString(place), QUICK);
  try {
    return await client.db('admin').command({ hello: 1 });
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}
