import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mongod, startMongod } from '../../../sandbox/servers/mongod.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';

describe.each([
  { kind: 'a standalone', replicaSet: false },
  { kind: 'a replica set', replicaSet: true },
])('$kind', { timeout: 60_000 }, ({ replicaSet }) => {
  let workspace: Workspace;
  let mongod: Mongod;

  beforeAll(async () => {
    workspace = await createWorkspace();
    const { mongod: tool } = await findTools();
    mongod = await startMongod({ workspace, tool, replicaSet });
  }, 300_000);

  afterAll(() => workspace[Symbol.asyncDispose]());

  test('lets root in, and nobody without a password', async () => {
    expect(await insertOne(mongod.adminUri)).toBe(true);
    const stranger = `mongodb://${mongod.host}:${mongod.port}/?directConnection=true`;
    await expect(insertOne(stranger)).rejects.toThrow(/requires authentication/);
  });

  test('is what was asked for', async () => {
    const hello = await command(mongod.adminUri, { hello: 1 });
    expect(hello.setName !== undefined).toBe(replicaSet);
    const parsed = (await command(mongod.adminUri, { getCmdLineOpts: 1 })).parsed;
    expect(parsed.storage.wiredTiger.engineConfig.cacheSizeGB).toBe(0.25);
    expect(parsed.net.bindIp).toBe('127.0.0.1');
  });

  test('keeps what it holds over a restart, under another pid', async () => {
    await insertOne(mongod.adminUri, 'kept');
    const before = mongod.pid;
    await mongod.restart();
    expect(mongod.pid).not.toBe(before);
    expect(await count(mongod.adminUri, 'kept')).toBe(1);
  });

  test('is gone when killed, and comes back with what it holds', async () => {
    await insertOne(mongod.adminUri, 'survives');
    await mongod.kill();
    await expect(count(mongod.adminUri, 'survives')).rejects.toThrow(/ECONNREFUSED/);
    await mongod.restart();
    expect(await count(mongod.adminUri, 'survives')).toBe(1);
  });

  test('says nothing while suspended, and answers again when resumed', async () => {
    mongod.suspend();
    await expect(count(mongod.adminUri, 'any')).rejects.toThrow();
    mongod.resume();
    expect(await count(mongod.adminUri, 'any')).toBe(0);
  });

  test('is ended by disposing of its workspace even while suspended', async () => {
    await using other = await createWorkspace();
    const { mongod: tool } = await findTools();
    const stopped = await startMongod({ workspace: other, tool, replicaSet });
    stopped.suspend();
    await other[Symbol.asyncDispose]();
    await expect(count(stopped.adminUri, 'any')).rejects.toThrow(/ECONNREFUSED/);
  });
});

test('a program that ends instead of serving is reported with its own last words', async () => {
  await using workspace = await createWorkspace();
  const tool = { path: '/bin/false', origin: 'environment', version: '0.0' } as const;
  await expect(startMongod({ workspace, tool, replicaSet: false })).rejects.toThrow(/ended/);
});

async function withClient<Result>(uri: string, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 1_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function insertOne(uri: string, collection = 'things'): Promise<boolean> {
  const journaled = { writeConcern: { w: 1, journal: true } };
  return withClient(uri, async (client) => {
    return (await client.db('try').collection(collection).insertOne({}, journaled)).acknowledged;
  });
}

async function count(uri: string, collection: string): Promise<number> {
  return withClient(uri, (client) => client.db('try').collection(collection).countDocuments());
}

async function command(uri: string, what: Record<string, unknown>) {
  return withClient(uri, (client) => client.db('admin').command(what));
}
