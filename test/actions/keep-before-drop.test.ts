import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import type { StepContext } from '../../src/actions/contract.ts';
import { createMongoReader } from '../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../src/adapters/mongo/tools.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { dropAll, fill, type MongoFixture, never, run, startMongo } from '../adapters/mongo/mongo-fixture.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

/** The steps that drop something, on a real mongod with the real tools. */
const database = 'superkafe_a';
let mongo: MongoFixture;
let target: Target;
let context: StepContext;
let mongorestore: string;

beforeAll(async () => {
  mongo = await startMongo();
}, 60_000);
afterAll(() => mongo[Symbol.asyncDispose]());

beforeEach(async () => {
  await dropAll(mongo.admin);
  await fill(mongo.admin, `${database}.menus`, [{ dish: 'kopi' }, { dish: 'teh' }]);
  await fill(mongo.admin, `${database}.orders`, [{ n: 1 }]);
  const backup = join(mongo.folder, 'backup');
  await rm(backup, { recursive: true, force: true });
  // Fails after its work, or works, as the file beside it says.
  mongorestore = await mongo.program(
    'mongorestore',
    `'${mongo.config.tools.mongorestore}' "$@" && ! [ -e "$0.fails" ]`,
  );
  target = openTarget({ mongo: { legacyDatabases: [{ name: database, policy: 'restore' }] } });
  const config = { ...mongo.config, tools: { ...mongo.config.tools, mongorestore } };
  const legacy = createMongoReader(mongo.connection(mongo.users.observer));
  Object.assign(target.world, {
    legacy,
    tools: createMongoTools({ config, run, readOnly: run, passwordFolder: join(mongo.folder, 'passwords') }),
  });
  await target.world.tools.dump({ side: 'legacy', database }, backup, never);
  const manifest = await scanBackup({ path: backup, root: backup }, [database], never);
  context = { ...target.context({ subject: database }), manifest: async () => manifest };
});
afterEach(async () => {
  await rm(`${mongorestore}.fails`, { force: true });
  await target.world.legacy[Symbol.asyncDispose]();
  target[Symbol.dispose]();
});

const orders = () => mongo.admin.db(database).collection('orders');
const perform = async (action: ActionName) => {
  await actions[action].perform?.(context);
  return actions[action].prove(context);
};
const snapshots = async () =>
  (await readdir(context.evidenceFolder)).filter((name) => name.startsWith('legacy-state')).sort();
const held = (folder = '') => readFile(join(context.evidenceFolder, folder, database, 'orders.bson'), 'latin1');

test('what users wrote after people had finished a failed restore by hand is kept before a resume drops it', async () => {
  await orders().insertOne({ note: 'before the rollback' });
  await perform('snapshot-legacy');
  await writeFile(`${mongorestore}.fails`, '');
  await expect(perform('restore-database')).rejects.toThrow(/ended with code/);
  await rm(`${mongorestore}.fails`);
  await orders().insertOne({ note: 'of a live customer' });

  const evidence = await perform('restore-database');
  expect(await orders().countDocuments()).toBe(1);
  const [latest, earlier] = await snapshots();
  expect(evidence).toMatchObject({ digests: 'equal', earlierSnapshots: earlier });
  expect(await held(latest)).toContain('of a live customer');
  expect(await held(earlier)).toContain('before the rollback');
});

test('what a job wrote between the snapshot and the drop is kept', async () => {
  await orders().insertOne({ note: 'before the rollback' });
  await perform('snapshot-legacy');
  await orders().insertOne({ note: 'by a job on another host' });
  await perform('restore-database');
  expect(await snapshots()).toHaveLength(2);
  expect(await held('legacy-state')).toContain('by a job on another host');
});

test('a validator and a view that somebody made between the snapshot and the drop are kept', async () => {
  await orders().insertOne({ note: 'before the rollback' });
  await perform('snapshot-legacy');
  const db = mongo.admin.db(database);
  await db.command({ collMod: 'menus', validator: { dish: { $type: 'string' } } });
  await db.createCollection('teas', { viewOn: 'menus', pipeline: [{ $match: { dish: 'teh' } }] });
  await perform('restore-database');
  expect(await snapshots()).toHaveLength(2);
  const kept = (name: string) => readFile(join(context.evidenceFolder, 'legacy-state', database, name), 'utf8');
  expect(await kept('menus.metadata.json')).toContain('$type');
  expect(await kept('teas.metadata.json')).toContain('"viewOn":"menus"');
});

test('nothing is kept twice where nothing came between, nor where a restore had done all or some of its work', async () => {
  await orders().insertOne({ note: 'before the rollback' });
  await perform('snapshot-legacy');
  await writeFile(`${mongorestore}.fails`, '');
  await expect(perform('restore-database')).rejects.toThrow(/ended with code/);
  await mongo.admin.db(database).collection('menus').drop();
  await rm(`${mongorestore}.fails`);
  await perform('restore-database');
  expect(await snapshots()).toEqual(['legacy-state']);
});

test('somebody who writes while it is looked at stops it before the drop', async () => {
  await orders().insertOne({ note: 'before the rollback' });
  await perform('snapshot-legacy');
  const { databaseState } = target.world.legacy;
  Object.assign(target.world.legacy, {
    databaseState: async (...asked: Parameters<typeof databaseState>) => {
      const state = await databaseState(...asked);
      await orders().insertOne({ note: 'while it is compared' });
      return state;
    },
  });
  await expect(actions['restore-database'].perform?.(context)).rejects.toMatchObject({ reason: 'not-fenced' });
  expect(await orders().countDocuments()).toBe(3);
});

test('a database that was brought in by hand after a failed attempt is kept before it is brought in again', async () => {
  await mongo.admin.db(database).dropDatabase();
  await writeFile(`${mongorestore}.fails`, '');
  await expect(perform('bring-in-database')).rejects.toThrow(/ended with code/);
  await rm(`${mongorestore}.fails`);
  await orders().insertOne({ note: 'of a live customer' });
  await perform('bring-in-database');
  expect(await orders().countDocuments()).toBe(1);
  expect(await held('legacy-state')).toContain('of a live customer');
});
