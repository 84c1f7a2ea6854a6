import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { refuseUnlistedTenants, unlistedTenants } from '../../src/actions/unlisted-tenants.ts';
import type { World } from '../../src/actions/world.ts';
import type { MongoReader } from '../../src/adapters/mongo/contract.ts';
import { createMongoReader } from '../../src/adapters/mongo/reader.ts';
import type { BackupManifest } from '../../src/model/backup.ts';
import { dropAll, fill, type MongoFixture, never, startMongo } from '../adapters/mongo/mongo-fixture.ts';
import { openTarget } from './target.ts';

const main = 'superkafe_main';
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

/** `negoes` has a database of its own, `kopi` none. */
async function cafe(policy: 'restore' | 'leave'): Promise<Pick<World, 'settings' | 'legacy'>> {
  const legacyDatabases = [
    { name: 'superkafe_a', tenant: 'negoes', policy: 'leave' as const },
    { name: main, tenantField: 'cafe', policy },
  ];
  using target = openTarget({ mongo: { legacyDatabases, legacyTenants: { database: main } } });
  return { settings: target.settings, legacy: reader };
}

const list = (...slugs: string[]) =>
  fill(
    mongo.admin,
    `${main}.tenants`,
    slugs.map((slug) => ({ slug })),
  );

/** Of what lies there now. */
async function backUp(): Promise<BackupManifest> {
  const collections = (await reader.databaseState(main, never)).map((each) => ({ ...each, fileHash: '' }));
  return { databases: [{ database: main, collections }] } as unknown as BackupManifest;
}

test('a tenant without a database of its own that the list lacks is found; one with its own needs no entry', async () => {
  await list('others');
  expect(await unlistedTenants(await cafe('restore'), never)).toMatchObject({
    what: `${main}.tenants does not list kopi`,
    mend: expect.stringContaining('legacyDatabase: none'),
  });
  await list('kopi');
  expect(await unlistedTenants(await cafe('restore'), never)).toBeUndefined();
});

test.each(['restore', 'leave'] as const)(
  'no rollback is planned for it where the list stays as it is (%s)',
  async (policy) => {
    await list('others');
    const refused = refuseUnlistedTenants(await cafe(policy), await backUp(), never);
    await expect(refused).rejects.toMatchObject({ reason: 'refused', message: expect.stringContaining('kopi') });
  },
);

test('a list that a rollback will mend, or whose entries are all gone, keeps nobody from it', async () => {
  await list('kopi', 'others');
  const manifest = await backUp();
  await mongo.admin.db(main).collection('tenants').deleteOne({ slug: 'kopi' });
  await refuseUnlistedTenants(await cafe('restore'), manifest, never);
  await mongo.admin.db(main).collection('tenants').deleteMany({});
  expect(await unlistedTenants(await cafe('restore'), never)).toBeUndefined();
});
