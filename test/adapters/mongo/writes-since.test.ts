import { ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MongoReader } from '../../../src/adapters/mongo/contract.ts';
import { MongoConnectionError } from '../../../src/adapters/mongo/mongo-error.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import { countWritesSince, type WritesQuestion } from '../../../src/adapters/mongo/writes-since.ts';
import { dropAll, fill, type MongoFixture, never, startMongo, UNIFIED } from './mongo-fixture.ts';

const cutoverAt = Date.parse('2026-01-31T12:00:00Z');
const before = new Date(cutoverAt - 3_600_000);
const after = new Date(cutoverAt + 3_600_000);
const idAt = (time: Date) =>
  new ObjectId(
    ObjectId.createFromTime(time.getTime() / 1_000)
      .toHexString()
      .slice(0, 8) + new ObjectId().toHexString().slice(8),
  );
const [a, b] = [new ObjectId(), new ObjectId()];

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

const question: WritesQuestion = {
  database: UNIFIED,
  cutoverAt,
  tenantField: 'tenantId',
  tenants: [{ slug: 'a', tenantId: a.toHexString() }, { slug: 'b', tenantId: b.toHexString() }, { slug: 'unborn' }],
  ignoredCollections: [],
};
const count = (changed: Partial<WritesQuestion> = {}) => countWritesSince(reader, { ...question, ...changed }, never);

test('inserts are counted by the time in their ids, by tenant', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    { _id: idAt(before), tenantId: a },
    { _id: idAt(after), tenantId: a },
    { _id: idAt(after), tenantId: a },
    { _id: idAt(after), tenantId: b.toHexString() },
    { _id: idAt(after) },
  ]);
  await fill(mongo.admin, `${UNIFIED}.tables`, [{ _id: idAt(after), tenantId: b }]);
  expect(await count()).toMatchObject({
    inserts: 5,
    updates: undefined,
    deletes: undefined,
    perTenant: { a: 2, b: 2 },
  });
});

test('a creation field goes before the id, whatever kind of time it holds', async () => {
  const times = [before, before.getTime(), before.getTime() / 1_000, before.toISOString()];
  const later = [after, after.getTime(), after.getTime() / 1_000, after.toISOString()];
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    ...times.map((createdAt) => ({ _id: idAt(after), tenantId: a, createdAt })),
    ...later.map((createdAt) => ({ _id: idAt(before), tenantId: a, createdAt })),
    { _id: idAt(after), tenantId: a },
    { _id: idAt(before), tenantId: a, createdAt: null },
  ]);
  expect(await count({ createdField: 'createdAt' })).toMatchObject({ inserts: 5, perTenant: { a: 5 } });
});

test('updates of older documents are counted where a field shows them', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    { _id: idAt(before), tenantId: a, updatedAt: after },
    { _id: idAt(before), tenantId: a, updatedAt: before },
    { _id: idAt(after), tenantId: b, updatedAt: after },
  ]);
  const counted = await count({ updatedField: 'updatedAt' });
  expect(counted).toMatchObject({ inserts: 1, updates: 1, perTenant: { a: 1, b: 1 } });
});

test('a collection that never shows an update makes updates uncountable, an empty one does not', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [{ _id: idAt(before), updatedAt: before }]);
  await mongo.admin.db(UNIFIED).createCollection('empty');
  expect(await count({ updatedField: 'updatedAt' })).toMatchObject({ inserts: 0, updates: 0 });
  await fill(mongo.admin, `${UNIFIED}.tables`, [{ _id: idAt(before) }]);
  const counted = await count({ updatedField: 'updatedAt' });
  expect(counted.updates).toBeUndefined();
  expect(counted.uncountable).toContain(
    'updates: tables has documents without a time of their last update (updatedAt)',
  );
});

test.each([
  ['lacks it', {}],
  ['holds what is no time', { updatedAt: 'yesterday' }],
  ['has a time that cannot be compared', { updatedAt: '2026-01-31T19:00:00+07:00' }],
])('one older document among others that %s makes updates uncountable', async (_, odd) => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    { _id: idAt(before), tenantId: a, updatedAt: after },
    { _id: idAt(before), tenantId: a, ...odd },
  ]);
  expect((await count({ updatedField: 'updatedAt' })).updates).toBeUndefined();
});

test('a document that came after the cut-over is lost whole: when it was changed makes no difference', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    { _id: idAt(before), tenantId: a, updatedAt: after },
    { _id: idAt(after), tenantId: a },
  ]);
  expect(await count({ updatedField: 'updatedAt' })).toMatchObject({ inserts: 1, updates: 1 });
});

test('one document among others without a time of its creation makes inserts uncountable', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [
    { _id: 'x', tenantId: a, createdAt: before },
    { _id: 'y', tenantId: a },
  ]);
  expect((await count({ createdField: 'createdAt' })).inserts).toBeUndefined();
});

test('documents without any time make inserts uncountable, unless nobody would miss them', async () => {
  await fill(mongo.admin, `${UNIFIED}.sessions`, [{ _id: 'abc', createdAt: 'yesterday' }]);
  await fill(mongo.admin, `${UNIFIED}.orders`, [{ _id: idAt(after), tenantId: a }]);
  const counted = await count({ createdField: 'createdAt' });
  expect(counted.inserts).toBeUndefined();
  expect(counted.perTenant).toEqual({ a: 1, b: 0 });
  expect(counted.uncountable?.[0]).toContain('sessions');
  expect((await count({ ignoredCollections: ['sessions'] })).inserts).toBe(1);
});

test('a count that the server gives up is uncountable; a server that is gone is an error', async () => {
  await fill(mongo.admin, `${UNIFIED}.orders`, [{ _id: idAt(after), tenantId: a }]);
  const failing = (reason: 'operation-failed' | 'unreachable') => ({
    collectionNames: reader.collectionNames,
    find: reader.find,
    count: () => Promise.reject(new MongoConnectionError(reason, 'no')),
  });
  const counted = await countWritesSince(failing('operation-failed'), question, never);
  expect(counted).toMatchObject({ inserts: undefined });
  const gone = countWritesSince(failing('unreachable'), question, never);
  await expect(gone).rejects.toMatchObject({ reason: 'unreachable' });
});
