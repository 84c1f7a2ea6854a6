import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { assess } from '../../src/rollback/assess.ts';
import { dropAll, fill, never, UNIFIED } from '../adapters/mongo/mongo-fixture.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import { cafeOn, type OnServers, startTwoServers, type TwoServers } from './two-servers.ts';

let servers: TwoServers;
let backup: string;

beforeAll(async () => {
  servers = await startTwoServers();
  backup = join(servers.legacy.folder, 'backup');
  await writeCollection(join(backup, UNIFIED), 'users', [{ _id: 1, of: 'backup' }]);
  await writeCollection(join(backup, UNIFIED), 'orders', [{ _id: 1, of: 'backup' }]);
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(async () => {
  await dropAll(servers.unified.admin);
  await dropAll(servers.legacy.admin);
  await fill(servers.unified.admin, `${UNIFIED}.users`, [{ of: 'unified' }]);
});

const main = [{ name: UNIFIED, policy: 'merge' as const, collections: ['users'] }];
const there = async (side: 'unified' | 'legacy', collection: string) =>
  (await servers[side].admin.db(UNIFIED).collection(collection).find().toArray()).map((each) => each.of);

async function reach({ target }: OnServers, action: ActionName) {
  const context = target.context({ subject: UNIFIED, manifest: () => target.world.scanBackup(never) });
  await actions[action].perform?.(context);
  return actions[action].prove(context);
}

it('a legacy main database with the unified name, on another server, is kept from there and merged there', async () => {
  await using cafe = cafeOn(servers, { legacyDatabases: main, backup });
  await fill(servers.legacy.admin, `${UNIFIED}.users`, [{ of: 'legacy' }, { of: 'legacy' }]);
  await fill(servers.legacy.admin, `${UNIFIED}.orders`, [{ of: 'legacy' }]);
  expect((await assess(cafe.target.world, never)).legacyStates).toMatchObject([{ state: 'different' }]);
  const kept = await reach(cafe, 'snapshot-legacy');
  expect(kept).toMatchObject({ documents: 3, collections: 2 });
  expect(await reach(cafe, 'snapshot-unified')).toMatchObject({ documents: 1 });
  expect(await reach(cafe, 'restore-database')).toMatchObject({ documents: 1, kept: 'orders' });
  expect(await reach(cafe, 'verify-database')).toMatchObject({ documents: 1 });
  expect([await there('legacy', 'users'), await there('legacy', 'orders')]).toEqual([['backup'], ['legacy']]);
  expect(await there('unified', 'users')).toEqual(['unified']);
});

it('two addresses of one server are found out before anything is planned, and again before anything is written', async () => {
  await using cafe = cafeOn(servers, { legacyDatabases: main, backup });
  // As a second name or a forwarded port would: the address of another server, and this one behind it.
  Object.assign(cafe.target.world, { legacy: cafe.target.world.unified });
  const found = { reason: 'wrong-database', message: expect.stringContaining('lead to the same mongod') };
  await expect(assess(cafe.target.world, never)).rejects.toMatchObject(found);
  for (const action of ['bring-in-database', 'restore-database'] as const) {
    const context = cafe.target.context({ subject: UNIFIED, manifest: () => cafe.target.world.scanBackup(never) });
    await servers.unified.admin.db(UNIFIED).dropDatabase();
    await expect(actions[action].perform?.(context)).rejects.toMatchObject(found);
  }
  expect(await there('legacy', 'users')).toEqual([]);
});

it('nothing is planned while it cannot be told, because the unified server is out of reach', async () => {
  const unified = { host: '127.0.0.1', port: 1, database: UNIFIED };
  await using cafe = cafeOn(servers, { unified, legacyDatabases: main, backup });
  await expect(assess(cafe.target.world, never)).rejects.toMatchObject({ reason: 'unreachable' });
});

it('on one server with two addresses nothing of that name is ever written, whatever the configuration says', async () => {
  const { port } = servers.unified.server;
  await using cafe = cafeOn(servers, { legacy: { host: 'localhost', port }, legacyDatabases: main, backup });
  await expect(reach(cafe, 'restore-database')).rejects.toMatchObject({ reason: 'forbidden-database' });
  expect(await there('unified', 'users')).toEqual(['unified']);
});
