import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import type { Credentials } from './users.ts';

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
export async function createRootUser(place: Place, root: Credentials): Promise<void> {
  const client = new MongoClient(connectionString(place), { ...QUICK, serverSelectionTimeoutMS: 5_000 });
  try {
    if (place.replicaSet) await initiate(client, place);
    await client.db('admin').command({ createUser: root.user, pwd: root.password, roles: ['root'] });
  } finally {
    await client.close();
  }
}

async function initiate(client: MongoClient, place: Place): Promise<void> {
  const members = [{ _id: 0, host: `${place.host}:${place.port}` }];
  await client.db('admin').command({ replSetInitiate: { _id: 'sandbox', members } });
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
