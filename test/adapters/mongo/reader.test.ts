import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { BSON, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { linuxHost } from '../../../src/adapters/host/linux.ts';
import type { MongoReader } from '../../../src/adapters/mongo/contract.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import { createDocumentDigest } from '../../../src/core/document-digest.ts';
import { dropAll, fill, type MongoFixture, never, startMongo, UNIFIED } from './mongo-fixture.ts';

let mongo: MongoFixture;
let reader: MongoReader;

beforeAll(async () => {
  mongo = await startMongo();
  reader = createMongoReader(mongo.connection(mongo.users.observer));
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await mongo[Symbol.asyncDispose]();
});
beforeEach(() => dropAll(mongo.admin));

test('a server that is well is writable and tells its connections', async () => {
  const { writable, connections } = await reader.ping(never);
  expect(writable).toBe(true);
  expect(connections.current).toBeGreaterThan(0);
  expect(connections.available).toBeGreaterThan(0);
});

test('databases and collections are listed; views and system collections are none', async () => {
  await fill(mongo.admin, 'superkafe_a.menuitems', [{ n: 1 }]);
  await mongo.admin.db('superkafe_a').createCollection('cheap', { viewOn: 'menuitems', pipeline: [] });
  expect(await reader.databaseNames(never)).toEqual(expect.arrayContaining(['admin', 'superkafe_a']));
  expect(await reader.collectionNames('superkafe_a', never)).toEqual(['menuitems']);
  expect(await reader.collectionNames('superkafe_b', never)).toEqual([]);
});

test('the state of a database is its counts, digests and indexes', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ _id: 2, n: 1 }, { _id: 1 }]);
  await mongo.admin.db('superkafe_a').collection('orders').createIndex({ n: -1 }, { unique: true, sparse: true });
  await mongo.admin.db('superkafe_a').createCollection('empty');
  const digest = createDocumentDigest();
  for (const document of [{ _id: 1 }, { _id: 2, n: 1 }]) digest.add(BSON.serialize(document));
  const id = { name: '_id_', key: [['_id', 1]], options: {} };
  expect(await reader.databaseState('superkafe_a', never)).toEqual([
    { collection: 'empty', documents: 0, bytes: 0, digest: '0'.repeat(64), indexes: [id] },
    {
      collection: 'orders',
      ...digest.totals(),
      indexes: [id, { name: 'n_-1', key: [['n', -1]], options: { unique: true, sparse: true } }],
    },
  ]);
  expect(await reader.databaseState('superkafe_b', never)).toEqual([]);
});

test('more documents than one batch holds are all in the digest', async () => {
  const documents = Array.from({ length: 9_001 }, (_, index) => ({ _id: index, text: 'x'.repeat(index % 50) }));
  await fill(mongo.admin, 'superkafe_a.orders', documents);
  const digest = createDocumentDigest();
  for (const document of documents) digest.add(BSON.serialize(document));
  const [state] = await reader.databaseState('superkafe_a', never);
  expect(state).toMatchObject(digest.totals());
});

test('documents in any order have the same digest on the server as in memory', async () => {
  const documents = fc.uniqueArray(fc.record({ _id: fc.integer(), a: fc.string(), b: fc.array(fc.double()) }), {
    selector: ({ _id }) => _id,
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(documents, async (inserted) => {
      await dropAll(mongo.admin);
      await fill(mongo.admin, 'superkafe_a.any', inserted);
      const digest = createDocumentDigest();
      for (const document of inserted.toReversed()) digest.add(BSON.serialize(document));
      expect(await reader.databaseState('superkafe_a', never)).toMatchObject([digest.totals()]);
    }),
    { numRuns: 15 },
  );
});

test('find and count answer what was asked for, and no more', async () => {
  await fill(mongo.admin, `${UNIFIED}.menuitems`, [{ _id: 1, a: 1, b: 1 }, { _id: 2, a: 1, b: 2 }, { _id: 3 }]);
  const menu = { database: UNIFIED, collection: 'menuitems' };
  expect(await reader.count(menu, {}, never)).toBe(3);
  expect(await reader.count(menu, { a: 1 }, never)).toBe(2);
  expect(await reader.find(menu, { a: 1 }, { fields: ['b'], limit: 1 }, never)).toEqual([{ b: 1 }]);
  expect(await reader.find(menu, { a: 1 }, { fields: ['_id'], limit: 9 }, never)).toEqual([{ _id: 1 }, { _id: 2 }]);
});

test('a database has a size, one that is absent has none', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ _id: new ObjectId() }]);
  expect(await reader.dataSize('superkafe_a', never)).toBe(22);
  expect(await reader.dataSize('superkafe_b', never)).toBe(0);
});

test('the disk under a database is told with its size to the byte, and nothing for one that is absent', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const { total, free } = await linuxHost().space(mongo.folder);
  const told = await reader.diskSpace('superkafe_a', never);
  expect(told?.total).toBe(total);
  expect(Math.abs((told?.free ?? 0) - free)).toBeLessThan(256 * 2 ** 20);
  expect(await reader.diskSpace('superkafe_b', never)).toBeUndefined();
});

test('collections are read one by one where they are named, and counted where none is read', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }, { n: 2 }]);
  await fill(mongo.admin, 'superkafe_a.users', [{ n: 1 }]);
  await mongo.admin.db('superkafe_a').createCollection('shown', { viewOn: 'orders', pipeline: [] });
  const states = await reader.databaseState('superkafe_a', never, ['users', 'unheard']);
  expect(states).toMatchObject([{ collection: 'users', documents: 1 }]);
  expect(await reader.documentCounts('superkafe_a', never)).toEqual({ orders: 2, users: 1 });
});

test('two servers tell themselves apart, and one is itself', async () => {
  await using again = createMongoReader(mongo.connection(mongo.users.observer));
  await using other = await startMongo();
  await using elsewhere = createMongoReader(other.connection(other.users.observer));
  const [one, same, another] = [
    await reader.identity(never),
    await again.identity(never),
    await elsewhere.identity(never),
  ];
  expect(one).toEqual({
    process: expect.stringMatching(/^\S+ \d+ [0-9a-f]{24}$/),
    replicaSet: undefined,
    router: false,
  });
  expect(same).toEqual(one);
  expect(another.process).not.toBe(one.process);
});

test('a write raises the write counter of its database only; a read raises the read counter', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  await fill(mongo.admin, 'superkafe_b.orders', [{ n: 1 }]);
  const before = await reader.activity(never);
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 2 }]);
  await mongo.admin.db('superkafe_b').collection('orders').findOne();
  const after = await reader.activity(never);
  expect(after.writes.superkafe_a).toBe((before.writes.superkafe_a ?? 0) + 1);
  expect(after.writes.superkafe_b).toBe(before.writes.superkafe_b);
  expect(after.reads.superkafe_b).toBeGreaterThan(before.reads.superkafe_b ?? 0);
  const ofOrders = (counters: typeof after) => counters.readsWithin.superkafe_b?.orders ?? 0;
  expect(ofOrders(after)).toBeGreaterThan(ofOrders(before));
  expect(after.serverPid).toBe(mongo.server.pid);
  expect(after.uptimeMs).toBeGreaterThan(0);
});

test('a wrong password is called a refused login', async () => {
  const stranger = { ...mongo.users.observer, password: 'wrong' };
  await using refused = createMongoReader(mongo.connection(stranger));
  await expect(refused.ping(never)).rejects.toMatchObject({ reason: 'login-refused' });
});

test('a wrong password is called a refused login to all who ask at once, again and again', async () => {
  const stranger = { ...mongo.users.observer, password: 'wrong' };
  await using refused = createMongoReader(mongo.connection(stranger));
  const ask = () => refused.ping(never).catch((error: { reason?: unknown }) => error.reason);
  for (let round = 0; round < 3; round++) {
    expect(new Set(await Promise.all([ask(), ask(), ask(), ask(), ask()]))).toEqual(new Set(['login-refused']));
  }
});

test('no login where one is needed is called a refused login', async () => {
  await using anonymous = createMongoReader(mongo.connection(mongo.users.observer, { login: undefined }));
  await expect(anonymous.ping(never)).rejects.toMatchObject({ reason: 'login-refused' });
});

test('a question that the user may not ask fails as an operation', async () => {
  const other = { database: 'someone-else', collection: 'secrets' };
  await expect(reader.count(other, {}, never)).rejects.toMatchObject({ reason: 'operation-failed' });
});

test('a port on which nothing listens is unreachable', async () => {
  const port = await closedPort();
  const connection = mongo.connection(mongo.users.observer, { server: { ...mongo.config.legacy, port } });
  await using nobody = createMongoReader(connection);
  await expect(nobody.ping(never)).rejects.toMatchObject({ reason: 'unreachable' });
});

test('an operation that is aborted rejects with the reason of the abort', async () => {
  const reason = new Error('enough');
  await expect(reader.ping(AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(reader.databaseState('superkafe_a', AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a server that hangs is unreachable, closing does not hang, and it is reached again', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const other = createMongoReader(mongo.connection(mongo.users.observer));
  await other.ping(never);
  mongo.server.suspend();
  try {
    // The signal has been sent, and each thread stops when it is its turn.
    await expect.poll(() => threadStates(mongo.server.pid)).toEqual(new Set(['T']));
    const digest = reader.databaseState('superkafe_a', never);
    await expect(other.ping(never)).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(digest).rejects.toMatchObject({ reason: 'unreachable' });
    await other[Symbol.asyncDispose]();
    await using late = createMongoReader(mongo.connection(mongo.users.observer));
    await expect(late.ping(never)).rejects.toMatchObject({ reason: 'unreachable' });
  } finally {
    mongo.server.resume();
  }
  await expect.poll(() => reader.ping(never).catch(() => undefined), { timeout: 15_000 }).toBeDefined();
});

test('a server that was down at the first question, and at others at once, is reached when it is there', async () => {
  await mongo.server.stop();
  await using early = createMongoReader(mongo.connection(mongo.users.observer));
  const asked = await Promise.allSettled([early.ping(never), early.databaseNames(never), early.ping(never)]);
  expect(asked).toMatchObject(asked.map(() => ({ status: 'rejected', reason: { reason: 'unreachable' } })));
  await expect(early.ping(never)).rejects.toMatchObject({ reason: 'unreachable' });
  await mongo.server.restart();
  expect(await early.ping(never)).toMatchObject({ writable: true });
  await expect.poll(() => reader.ping(never).catch(() => undefined), { timeout: 15_000 }).toBeDefined();
});

test('a connection that is closed is not opened again', async () => {
  const over = createMongoReader(mongo.connection(mongo.users.observer));
  await over.ping(never);
  await over[Symbol.asyncDispose]();
  await expect(over.ping(never)).rejects.toMatchObject({ reason: 'operation-failed' });
});

test('the secret is not in the message of a fault', async () => {
  const stranger = { ...mongo.users.observer, password: 'p4ssw0rd-in-words' };
  await using refused = createMongoReader(mongo.connection(stranger));
  await expect(refused.ping(never)).rejects.not.toMatchObject({ message: expect.stringContaining('p4ssw0rd') });
});

/** As the kernel calls them: `T` is stopped. */
function threadStates(pid: number): Set<string | undefined> {
  const threads = readdirSync(`/proc/${pid}/task`);
  return new Set(threads.map((id) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8'))?.[1]));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

test('who is connected is told by name and address, rollbackd itself left out', async () => {
  await using other = createMongoReader({ ...mongo.connection(mongo.users.observer), appName: 'an exporter' });
  await using ours = createMongoReader({ ...mongo.connection(mongo.users.observer), appName: 'rollbackd-observer' });
  await other.ping(never);
  const clients = await ours.clients(never);
  expect(clients).toContain('an exporter from 127.0.0.1');
  expect(clients.filter((client) => client.startsWith('rollbackd-'))).toEqual([]);
});
