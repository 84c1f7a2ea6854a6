import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import type { StepContext } from '../../src/actions/contract.ts';
import { createIndexBuilder } from '../../src/adapters/mongo/index-builder.ts';
import { createMongoReader } from '../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../src/adapters/mongo/tools.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { assess } from '../../src/rollback/assess.ts';
import { dropAll, fill, type MongoFixture, never, run, startMongo, UNIFIED } from '../adapters/mongo/mongo-fixture.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

/** Databases of which a real mongod deletes documents by itself, while they are kept, restored and compared. */
const database = 'superkafe_a';
let mongo: MongoFixture;
let target: Target;
let context: StepContext;

const expiry = (ttlMonitorEnabled: boolean) => mongo.admin.db('admin').command({ setParameter: 1, ttlMonitorEnabled });
const sessions = (of = database) => mongo.admin.db(of).collection('sessions');

/** Ten documents of which the time has come, and as many of which it has not. */
async function fillSessions(of = database): Promise<void> {
  const at = [new Date(0), new Date(Date.now() + 3_600_000)];
  await fill(
    mongo.admin,
    `${of}.sessions`,
    Array.from({ length: 20 }, (_, n) => ({ _id: n, at: at[n % 2] })),
  );
  await sessions(of).createIndex({ at: 1 }, { expireAfterSeconds: 0 });
}

async function untilExpired(of = database): Promise<void> {
  await expiry(true);
  await expect.poll(() => sessions(of).countDocuments(), { timeout: 30_000 }).toBe(10);
}

beforeAll(async () => {
  mongo = await startMongo({ expiresEverySeconds: 1 });
}, 60_000);
afterAll(() => mongo[Symbol.asyncDispose]());

beforeEach(async () => {
  await expiry(false);
  await dropAll(mongo.admin);
  await fill(mongo.admin, `${database}.menus`, [{ dish: 'kopi' }, { dish: 'teh' }]);
  await fillSessions();
  await fillSessions(UNIFIED);
  const backup = join(mongo.folder, 'backup');
  await rm(backup, { recursive: true, force: true });
  target = openTarget({
    mongo: { unified: { ...mongo.config.unified }, legacyDatabases: [{ name: database, policy: 'restore' }] },
  });
  const reader = createMongoReader(mongo.connection(mongo.users.observer));
  Object.assign(target.world, {
    legacy: reader,
    unified: reader,
    indexes: createIndexBuilder(mongo.connection(mongo.users.restorer), mongo.config),
    tools: createMongoTools({
      config: mongo.config,
      run,
      readOnly: run,
      passwordFolder: join(mongo.folder, 'passwords'),
    }),
  });
  await target.world.tools.dump({ side: 'legacy', database }, backup, never);
  const manifest = await scanBackup({ path: backup, root: backup }, [database], never);
  Object.assign(target.world, { scanBackup: async () => manifest });
  context = { ...target.context({ subject: database }), manifest: async () => manifest };
});
afterEach(async () => {
  await target.world.legacy[Symbol.asyncDispose]();
  target[Symbol.dispose]();
});

const prove = (action: ActionName) => actions[action].prove(context);
const stateNow = async () => (await assess(target.world, never)).legacyStates[0];
const expired = (kept: string) =>
  `sessions: 10 documents of the ${kept} have expired; the rest of them is not compared`;

test('what has expired since the backup is no difference: nothing is restored for it, and it is verified', async () => {
  await untilExpired();
  expect(await stateNow()).toMatchObject({ state: 'equal', differences: [] });
  expect(await prove('verify-database')).toEqual({
    documents: 22,
    digests: 'equal',
    expired: expired('backup'),
    indexes: 'complete',
  });
});

test('a database of which documents expire is restored, and verified before and after they have', async () => {
  await mongo.admin.db(database).dropDatabase();
  await actions['bring-in-database'].perform?.(context);
  expect(await prove('verify-database')).toEqual({ documents: 22, digests: 'equal', indexes: 'complete' });
  await untilExpired();
  expect(await prove('bring-in-database')).toMatchObject({ expired: expired('backup') });
  expect(await prove('verify-database')).toMatchObject({ expired: expired('backup') });
});

test('other documents that are gone are a difference as ever', async () => {
  await mongo.admin.db(database).collection('menus').deleteOne({ dish: 'teh' });
  await untilExpired();
  await expect(prove('verify-database')).rejects.toThrow(
    `${database} differs from the backup: menus has 1 documents instead of 2`,
  );
});

test('a snapshot stays proven while what it holds expires on the server', async () => {
  for (const action of ['snapshot-legacy', 'snapshot-unified'] as const) await actions[action].perform?.(context);
  await untilExpired();
  await untilExpired(UNIFIED);
  expect(await prove('snapshot-legacy')).toMatchObject({ documents: 22, expired: expired('snapshot') });
  expect(await prove('snapshot-unified')).toMatchObject({ documents: 20, expired: expired('snapshot') });
});

test('what decides about a drop takes nothing for expired: it is kept once more, and then restored', async () => {
  await mongo.admin.db(database).collection('menus').insertOne({ dish: 'of a live customer' });
  await actions['snapshot-legacy'].perform?.(context);
  await sessions().deleteOne({ _id: 1 as never });
  await actions['restore-database'].perform?.(context);
  expect(await prove('restore-database')).toMatchObject({ earlierSnapshots: expect.stringContaining('legacy-state.') });
});

test('an index by which documents expire is built before the stop, where it is missing', async () => {
  await sessions().dropIndex('at_1');
  await actions['build-indexes'].perform?.(context);
  await untilExpired();
  expect(await prove('build-indexes')).toMatchObject({ expired: expired('backup') });
  expect(await prove('verify-database')).toMatchObject({ indexes: 'complete' });
});
