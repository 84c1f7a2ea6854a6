import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { never } from '../adapters/mongo/mongo-fixture.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import { cafeOn, startTwoServers, type TwoServers } from './two-servers.ts';

let servers: TwoServers;

beforeAll(async () => {
  servers = await startTwoServers();
});
afterAll(() => servers[Symbol.asyncDispose]());

const bringingIn = (action: ActionName) => (action === 'bring-in-database' ? ['superkafe_a'] : []);

it('a real mongod tells the room on its disk although every legacy database is absent: the lease is there', async () => {
  const backup = join(servers.legacy.folder, 'backup');
  await writeCollection(join(backup, 'superkafe_a'), 'menus', [{ _id: 1 }]);
  const legacyDatabases = [{ name: 'superkafe_a', tenant: 'a', policy: 'restore' as const }];
  await using cafe = cafeOn(servers, { legacyDatabases, backup });
  const context = {
    ...cafe.target.context({ subjectsOf: bringingIn }),
    manifest: () => cafe.target.world.scanBackup(never),
  };
  const { port } = servers.legacy.server;
  expect(await actions['check-disk'].prove(context)).toMatchObject({
    mongod: `mongod at 127.0.0.1:${port} does not say how much room it has`,
  });
  await cafe.open.lease.acquire(60_000, never);
  const evidence = await actions['check-disk'].prove(context);
  expect(JSON.stringify(evidence)).toMatch(new RegExp(`mongod at 127.0.0.1:${port}":"[^"]* needed, [^"]* free"`));
});
