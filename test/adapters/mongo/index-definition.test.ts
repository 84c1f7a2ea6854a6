import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BSON, type Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { normaliseIndex } from '../../../src/adapters/mongo/index-definition.ts';
import { whyRefused } from '../../../src/adapters/mongo/index-refusals.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../../src/adapters/mongo/tools.ts';
import { compareState } from '../../../src/backup/compare-state.ts';
import { scanBackup } from '../../../src/backup/scan.ts';
import { dropAll, type MongoFixture, never, run, startMongo } from './mongo-fixture.ts';

let mongo: MongoFixture;

beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo[Symbol.asyncDispose]());
beforeEach(() => dropAll(mongo.admin));

const long = (text: string) => BSON.Long.fromString(text);
const double = (value: number) => new BSON.Double(value);
const a = { a: 1 };
const id = { v: 2, key: { _id: 1 }, name: '_id_' };

/** As old servers and old drivers left them in dumps. */
const kept: Record<string, Document> = {
  'safe that is null': { key: a, safe: null },
  'w of an old driver': { key: a, w: 1 },
  dropDups: { key: a, unique: true, dropDups: true },
  'ns of another database': { key: a, ns: 'elsewhere.orders' },
  'an option that never was one': { key: a, Unique: true },
  background: { key: a, background: true },
  'the first version': { v: 1, key: a },
  'unique as a number': { key: a, unique: 1 },
  'unique as a double': { key: a, unique: double(1) },
  'not unique as a number': { key: a, unique: 0 },
  'sparse as a number': { key: a, sparse: 1 },
  'not sparse': { key: a, sparse: false },
  'not hidden': { key: a, hidden: false },
  'not yet unique': { key: a, prepareUnique: false },
  'time that is no number': { key: a, expireAfterSeconds: double(Number.NaN) },
  'time with a fraction': { key: a, expireAfterSeconds: 3600.5 },
  'time as a long': { key: a, expireAfterSeconds: long('3600') },
  'no time at all': { key: a, expireAfterSeconds: 0 },
  'a partial filter of nothing': { key: a, partialFilterExpression: {} },
  'a partial filter, not sparse': { key: a, sparse: false, partialFilterExpression: { b: { $gt: 1 } } },
  'the simple collation': { key: a, collation: { locale: 'simple' } },
  '2dsphere without a version': { key: { a: '2dsphere' } },
  '2dsphere of an old version': { key: { a: '2dsphere' }, '2dsphereIndexVersion': 2 },
  '2d with doubles': { key: { a: '2d' }, bits: double(26), min: double(-180), max: 180 },
  'text without a language': { key: { _fts: 'text', _ftsx: 1 }, weights: { note: 1 } },
  'text of an old version': { key: { _fts: 'text', _ftsx: 1 }, weights: { note: double(1) }, textIndexVersion: 2 },
  'a key with longs and doubles': { key: { a: long('1'), b: double(-1) } },
  'a key with other numbers': { key: { a: 2.5, b: -5 } },
  'a wildcard with a projection': { key: { '$**': 1 }, wildcardProjection: { a: 1 } },
  'storage of its own': { key: a, storageEngine: { wiredTiger: { configString: '' } } },
};

const refused: Record<string, Document> = {
  'a time to live of several fields': { key: { a: 1, b: 1 }, expireAfterSeconds: 5 },
  'a time to live of a wildcard': { key: { '$**': 1 }, expireAfterSeconds: 5 },
  'a time below zero': { key: a, expireAfterSeconds: -1 },
  'a time beyond all numbers': { key: a, expireAfterSeconds: long('3000000000') },
  'a time without end': { key: a, expireAfterSeconds: double(Number.POSITIVE_INFINITY) },
  'a time in words': { key: a, expireAfterSeconds: '3600' },
  'a time that is yes': { key: a, expireAfterSeconds: true },
  'unique in words': { key: a, unique: 'true' },
  'unique that is null': { key: a, unique: null },
  'hidden as a number': { key: a, hidden: 1 },
  'a key of zero': { key: { a: 0 } },
  'a key that is true': { key: { a: true } },
  'a key that is null': { key: { a: null } },
  'a key without a word': { key: { a: '' } },
  'a key in words': { key: { a: 'desc' } },
  'a key that is a document': { key: { a: { x: 1 } } },
  'a key that is no number': { key: { a: double(Number.NaN) } },
  'a kind that is gone': { key: { a: 'geoHaystack', b: 1 }, bucketSize: 5 },
  'a key without fields': { key: {} },
  'a field without a name': { key: { '': 1 } },
  'a field with an empty part': { key: { 'a..b': 1 } },
  'a field with a dollar': { key: { $a: 1 } },
  'sparse and partial': { key: a, sparse: true, partialFilterExpression: { b: 1 } },
  'a unique wildcard': { key: { '$**': 1 }, unique: true },
  'a unique hash': { key: { a: 'hashed' }, unique: true },
  'no name': { key: a, name: '' },
};

test('indexes are compared in the form in which the server keeps them', async () => {
  const root = await mkdtemp(join(mongo.folder, 'dump-'));
  await mkdir(join(root, 'superkafe_a'));
  for (const [name, index] of Object.entries(kept)) {
    const metadata = { options: {}, indexes: [id, { v: 2, name: 'odd', ...index }], collectionName: name };
    await writeFile(join(root, 'superkafe_a', `${encodeURIComponent(name)}.bson`), '');
    await writeFile(
      join(root, 'superkafe_a', `${encodeURIComponent(name)}.metadata.json`),
      BSON.EJSON.stringify(metadata, { relaxed: false }),
    );
  }
  const tools = createMongoTools({
    config: mongo.config,
    run,
    readOnly: run,
    passwordFolder: join(mongo.folder, 'passwords'),
  });
  await tools.restore({ root, gzip: false, database: 'superkafe_a' }, never);
  const [manifest] = (await scanBackup({ path: root, root }, ['superkafe_a'], never)).databases;
  await using reader = createMongoReader(mongo.connection(mongo.users.observer));
  const state = await reader.databaseState('superkafe_a', never);
  expect(state).toHaveLength(Object.keys(kept).length);
  expect(manifest && compareState(manifest, state).differences).toEqual([]);
  expect(manifest?.collections.flatMap(({ indexes }) => indexes.filter((index) => whyRefused(index)))).toEqual([]);
});

test.each(Object.entries(refused))('%s is known to be refused, as the server does', async (_, index) => {
  const raw = { v: 2, name: 'odd', ...index };
  const creating = mongo.admin
    .db('superkafe_a')
    .command({ createIndexes: 'orders', indexes: [raw], ignoreUnknownIndexOptions: true });
  await expect(creating).rejects.toThrow();
  const fromDump = BSON.EJSON.parse(BSON.EJSON.stringify(raw, { relaxed: false }), { relaxed: true });
  expect(whyRefused(normaliseIndex(fromDump))).toBeDefined();
});

test('an index of _id that an old server called unique is known to be refused, a clustered one is not', async () => {
  const unique = { ...id, unique: true };
  await expect(mongo.admin.db('superkafe_a').command({ create: 'orders', idIndex: unique })).rejects.toThrow();
  expect(whyRefused(normaliseIndex(unique))).toBeDefined();
  expect(whyRefused(normaliseIndex({ ...unique, clustered: true }))).toBeUndefined();
  expect(whyRefused(normaliseIndex({ ...id, collation: { locale: 'de' } }))).toBeUndefined();
});
