import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db, Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MongoReader, MongoTools } from '../../../src/adapters/mongo/contract.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../../src/adapters/mongo/tools.ts';
import { compareState } from '../../../src/backup/compare-state.ts';
import { scanBackup } from '../../../src/backup/scan.ts';
import { writeCollection } from '../../backup/dump-writer.ts';
import { dropAll, fill, type MongoFixture, never, run, startMongo } from './mongo-fixture.ts';

const database = 'superkafe_a';
let mongo: MongoFixture;
let reader: MongoReader;
let tools: MongoTools;
let db: Db;
let root: string;

beforeAll(async () => {
  mongo = await startMongo();
  reader = createMongoReader(mongo.connection(mongo.users.observer));
  tools = createMongoTools({
    config: mongo.config,
    run,
    readOnly: run,
    passwordFolder: join(mongo.folder, 'passwords'),
  });
  db = mongo.admin.db(database);
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await mongo[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await dropAll(mongo.admin);
  root = await mkdtemp(join(mongo.folder, 'dump-'));
});

const restore = () => tools.restore({ root, gzip: false, database }, never);
async function compared() {
  const [manifest] = (await scanBackup({ path: root, root }, [database], never)).databases;
  if (!manifest) throw new Error('nothing was dumped');
  return compareState(manifest, await reader.databaseState(database, never));
}

/** One collection of each sort; half of the documents of `validated` came before its validator. */
async function fillEverySort(): Promise<void> {
  await fill(mongo.admin, `${database}.orders`, [{ n: 1 }, { n: -1 }]);
  await db.createCollection('view', { viewOn: 'orders', pipeline: [{ $match: { n: { $gt: 0 } } }] });
  await db.createCollection('capped', { capped: true, size: 10_000, max: 50 });
  await db.createCollection('clustered', {
    clusteredIndex: { key: { _id: 1 }, unique: true },
    expireAfterSeconds: 9e8,
  });
  await db.createCollection('german', { collation: { locale: 'de' } });
  await db.collection('german').createIndex({ n: 1 });
  await db.createCollection('imaged', { changeStreamPreAndPostImages: { enabled: true } });
  await fill(mongo.admin, `${database}.validated`, [{ n: 1 }, { n: -1 }]);
  await db.command({ collMod: 'validated', validator: { n: { $gt: 0 } }, validationLevel: 'moderate' });
  for (const name of ['capped', 'clustered', 'german', 'imaged'])
    await fill(mongo.admin, `${database}.${name}`, [{ n: 1 }]);
}

test('collections of every sort, and documents that are older than a validator, are kept and restored', async () => {
  await fillEverySort();
  await tools.dump({ side: 'legacy', database }, root, never);
  expect(await compared()).toMatchObject({ verdict: 'equal', extraCollections: [] });
  await db.dropDatabase();
  expect((await restore()).restored).toMatchObject({ validated: 2, view: 0 });
  expect(await compared()).toMatchObject({ verdict: 'equal', extraCollections: [] });
});

test.each<[string, (into: Db) => Promise<unknown>, string]>([
  ['a view that is gone', (into) => into.dropCollection('view'), 'view is missing (a view in the backup)'],
  [
    'a view that shows something else',
    (into) => into.command({ collMod: 'view', viewOn: 'orders', pipeline: [] }),
    'view has another pipeline than in the backup',
  ],
  [
    'a validator that is gone',
    (into) => into.command({ collMod: 'validated', validator: {} }),
    'validated has another validator',
  ],
  [
    'a collection where a view was',
    async (into) => {
      await into.dropCollection('view');
      await into.createCollection('view');
    },
    'view has another viewOn, another pipeline',
  ],
  [
    'another collation',
    async (into) => {
      await into.dropCollection('german');
      await into.createCollection('german');
    },
    'german has another collation',
  ],
])('%s is a difference, and a restore mends it', async (_, change, words) => {
  await fillEverySort();
  await tools.dump({ side: 'legacy', database }, root, never);
  await change(db);
  const { needsRestore, differences } = await compared();
  expect(needsRestore).toBe(true);
  expect(differences).toContainEqual(expect.stringContaining(words));
  await restore();
  expect(await compared()).toMatchObject({ verdict: 'equal' });
});

test('options are compared in the form in which the server keeps them', async () => {
  const options: Record<string, Document> = {
    rounded: { capped: true, size: 10_000, max: 0 },
    'not capped': { capped: false },
    'without a validator': { validator: {}, validationLevel: 'moderate', validationAction: 'warn' },
    'the usual validation': { validator: { n: 1 }, validationLevel: 'strict', validationAction: 'error' },
    simple: { collation: { locale: 'simple' } },
    'without images': { changeStreamPreAndPostImages: { enabled: false } },
    stored: { storageEngine: { wiredTiger: { configString: 'block_compressor=zlib' } } },
    'of an old server': { autoIndexId: true },
  };
  for (const [name, each] of Object.entries(options)) {
    await writeCollection(join(root, database), name, [], { options: each });
  }
  await restore();
  expect((await compared()).differences).toEqual([]);
});

test('a time series is left out of a dump, since the dumper may not read it, and all else is kept', async () => {
  await fill(mongo.admin, `${database}.orders`, [{ n: 1 }]);
  await db.createCollection('weather', { timeseries: { timeField: 'at' } });
  await fill(mongo.admin, `${database}.weather`, [{ at: new Date(0) }]);
  const without = await reader.timeSeries(database, never);
  expect(without).toEqual(['weather']);
  expect((await tools.dump({ side: 'legacy', database, without }, root, never)).documents).toEqual({ orders: 1 });
  expect(await compared()).toMatchObject({ verdict: 'equal', extraCollections: [] });
});
