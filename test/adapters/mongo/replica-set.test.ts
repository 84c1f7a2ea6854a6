import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noJournal } from '../../../src/adapters/mongo/its-journal.ts';
import { createLease } from '../../../src/adapters/mongo/lease.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../../src/adapters/mongo/tools.ts';
import { compareState } from '../../../src/backup/compare-state.ts';
import { scanBackup } from '../../../src/backup/scan.ts';
import { fill, type MongoFixture, never, run, startMongo } from './mongo-fixture.ts';

let mongo: MongoFixture;

beforeAll(async () => {
  mongo = await startMongo({ replicaSet: true });
});
afterAll(() => mongo[Symbol.asyncDispose]());

test('on a replica set a database is dumped, lost, restored and proven, under a lease', async () => {
  const root = join(mongo.folder, 'dump');
  const tools = createMongoTools({
    config: mongo.config,
    run,
    readOnly: run,
    passwordFolder: join(mongo.folder, 'passwords'),
  });
  await using reader = createMongoReader(mongo.connection(mongo.users.observer));
  const connection = mongo.connection(mongo.users.observer);
  await using lease = createLease({
    connection,
    database: 'rollbackd',
    target: 'superkafe',
    holder: 'host-1',
    journal: noJournal,
    cutoverAt: 0,
  });

  expect(await reader.ping(never)).toMatchObject({ writable: true });
  expect(await lease.acquire(60_000, never)).toMatchObject({ mine: true });
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }, { n: 2 }]);
  await mongo.admin.db('superkafe_a').collection('orders').createIndex({ n: 1 });
  await tools.dump({ side: 'legacy', database: 'superkafe_a' }, root, never);
  await mongo.admin.db('superkafe_a').dropDatabase();
  const [manifest] = (await scanBackup({ path: root, root }, ['superkafe_a'], never)).databases;
  const compare = async () => manifest && compareState(manifest, await reader.databaseState('superkafe_a', never));
  expect(await compare()).toMatchObject({ verdict: 'absent' });
  await tools.restore({ root, gzip: false, database: 'superkafe_a' }, never);
  expect(await compare()).toMatchObject({ verdict: 'equal' });
  const activity = await reader.activity(never);
  expect(activity.writes.superkafe_a).toBeGreaterThan(0);
  await lease.release(never);
});
