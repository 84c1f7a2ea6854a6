import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import { applyRights } from '../../src/adapters/mongo/apply-rights.ts';
import { grantedRights } from '../../src/adapters/mongo/granted-rights.ts';
import { mongoRights } from '../../src/adapters/mongo/rights.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import { Secret } from '../../src/core/secret.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { outlineOf } from '../../src/model/plan-outline.ts';
import { assess } from '../../src/rollback/assess.ts';
import { buildPlan } from '../../src/rollback/plan.ts';
import { dropAll, fill, never, UNIFIED } from '../adapters/mongo/mongo-fixture.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import { cafeOn, type OnServers, startTwoServers, type TwoServers } from './two-servers.ts';

/** The legacy main database is the unified one: `users` and `tenants` of it come back, `menus` is the unified system's alone. */
let servers: TwoServers;
let backup: string;
let cafe: OnServers;

const main = {
  name: UNIFIED,
  policy: 'merge' as const,
  collections: ['tenants', 'users'],
  requiredIndexes: [{ collection: 'users', key: { email: 1 as const } }],
};
const byName = { name: 'name_1', key: { name: 1 }, unique: true };

beforeAll(async () => {
  servers = await startTwoServers();
  backup = join(servers.unified.folder, 'backup');
  await writeCollection(join(backup, UNIFIED), 'users', [
    { _id: 1, of: 'legacy' },
    { _id: 2, of: 'legacy' },
  ]);
  await writeCollection(join(backup, UNIFIED), 'tenants', [{ _id: 1, of: 'legacy' }]);
  await writeCollection(join(backup, UNIFIED), 'logs', [{ _id: 1, of: 'legacy' }]);
  const { host, port } = servers.unified.server;
  cafe = cafeOn(servers, { legacy: { host, port }, legacyDatabases: [main], backup });
  const { mongo } = cafe.target.settings;
  await applyRights({
    uri: new Secret(servers.unified.server.adminUri),
    rights: mongoRights(mongo, 'unified'),
    passwordOf: () => undefined,
  });
});
afterAll(async () => {
  await cafe[Symbol.asyncDispose]();
  await servers[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await dropAll(servers.unified.admin);
  await rm(cafe.target.settings.rollback.evidenceFolder, { recursive: true, force: true });
  await fill(servers.unified.admin, `${UNIFIED}.users`, [{ of: 'unified' }, { of: 'unified' }, { of: 'unified' }]);
  await fill(servers.unified.admin, `${UNIFIED}.menus`, [{ of: 'unified' }, { of: 'unified' }]);
  await collection('users').createIndex(byName.key, { name: byName.name, unique: true, sparse: true });
});

const collection = (name: string) => servers.unified.admin.db(UNIFIED).collection(name);
const there = async (name: string) => (await collection(name).find().toArray()).map((each) => each.of);
const context = () => cafe.target.context({ subject: UNIFIED, manifest: () => cafe.target.world.scanBackup(never) });
const evidenceOf = () => join(cafe.target.settings.rollback.evidenceFolder, 'run-1');

async function reach(action: ActionName) {
  const before = context();
  await actions[action].perform?.(before);
  return actions[action].prove(before);
}

async function kept(folder: string) {
  const root = join(evidenceOf(), folder);
  const { databases } = await scanBackup({ path: root, root }, [UNIFIED], never);
  return databases[0]?.collections.map(({ collection: name, documents, indexes }) => [name, documents, indexes.length]);
}

const planned = async () => buildPlan(cafe.target.world, await assess(cafe.target.world, never), 'rollback', 'config');

describe('a legacy main database that is the unified one', () => {
  it('is planned as a step of its own, the last of the restore, which says what gives way and what stays', async () => {
    const { steps } = await planned();
    const restoring = steps.filter(({ phase }) => phase === 'restore').map(({ id }) => id);
    expect(restoring).toEqual(['snapshot-unified', `merge-collections:${UNIFIED}`, `verify-database:${UNIFIED}`]);
    const step = steps.find(({ action }) => action === 'merge-collections');
    expect(step?.title).toContain(`IN THE UNIFIED DATABASE ${UNIFIED} the collections tenants, users`);
    expect(step?.effect).toContain('tenants (not there now, 1 then), users (3 documents now, 2 then)');
    expect(step?.effect).toContain('untouched: menus (2)');
    expect(step?.commands.join()).toMatch(
      /--nsInclude=superkafe_v2\.tenants --nsInclude=superkafe_v2\.users --nsExclude/,
    );
    expect(outlineOf(await planned())).toMatchObject({
      replaces: [],
      inUnified: { database: UNIFIED, effect: step?.effect },
    });
  });

  it('gives exactly the named collections back, with the rights on those alone, and says where the way back lies', async () => {
    await reach('snapshot-unified');
    expect(await reach('merge-collections')).toEqual({
      documents: 3,
      digests: 'equal',
      replaced: 'tenants (1), users (2)',
      untouched: 'menus (2)',
      wayBack: join(evidenceOf(), 'unified-state'),
    });
    expect(await reach('verify-database')).toMatchObject({ documents: 3, indexes: 'complete' });
    expect([await there('users'), await there('tenants'), await there('logs'), await there('menus')]).toEqual([
      ['legacy', 'legacy'],
      ['legacy'],
      [],
      ['unified', 'unified'],
    ]);
    expect((await collection('users').indexes()).map(({ name }) => name)).toEqual(['_id_', 'email_1']);
    expect(await kept('unified-state')).toEqual([
      ['menus', 2, 1],
      ['users', 3, 2],
    ]);
    expect((await assess(cafe.target.world, never)).legacyStates).toMatchObject([{ state: 'equal' }]);
    expect((await planned()).steps.some(({ action }) => action === 'merge-collections')).toBe(false);
  });

  it('loses nothing while there is no final snapshot of it', async () => {
    for (const action of ['merge-collections', 'restore-database'] as const) {
      await expect(reach(action)).rejects.toMatchObject({
        reason: 'refused',
        message: expect.stringContaining('nothing of superkafe_v2 is dropped: no snapshot'),
      });
    }
    expect(await there('users')).toEqual(['unified', 'unified', 'unified']);
  });

  it.each([
    ['a document', () => collection('users').insertOne({ of: 'a job' }), ['users', 4, 2]],
    ['an index', () => collection('users').createIndex({ late: 1 }), ['users', 3, 3]],
  ])(
    'with %s that came after the snapshot is kept once more, beside the snapshot and not in its place',
    async (_, change, found) => {
      await reach('snapshot-unified');
      await change();
      expect(await reach('merge-collections')).toMatchObject({ keptOnceMore: join(evidenceOf(), 'legacy-state') });
      expect(await kept('unified-state')).toContainEqual(['users', 3, 2]);
      expect(await kept('legacy-state')).toContainEqual(found);
    },
  );

  it('cut off between a drop and its restore is finished, and the snapshot stays what it was', async () => {
    await reach('snapshot-unified');
    await collection('users').drop();
    await fill(servers.unified.admin, `${UNIFIED}.users`, [{ _id: 1 as never, of: 'legacy' }]);
    expect(await reach('merge-collections')).toMatchObject({ documents: 3 });
    expect(await there('users')).toEqual(['legacy', 'legacy']);
    expect(await kept('unified-state')).toEqual([
      ['menus', 2, 1],
      ['users', 3, 2],
    ]);
  });

  it('drops no time series that has taken the place of a named collection since it was planned', async () => {
    await reach('snapshot-unified');
    const timeseries = { timeField: 'at' };
    await servers.unified.admin.db(UNIFIED).createCollection('tenants', { timeseries });
    await collection('tenants').insertOne({ at: new Date(), of: 'a job' });
    await expect(actions['merge-collections'].perform?.(context())).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining(`tenants of ${UNIFIED} would be dropped`),
    });
    expect([await there('tenants'), (await there('users')).length]).toEqual([['a job'], 3]);
  });

  it('whose documents are the same is replaced all the same where the unified system has an index of its own there', async () => {
    await reach('snapshot-unified');
    await reach('merge-collections');
    await collection('users').createIndex(byName.key, { name: byName.name });
    const [state] = (await assess(cafe.target.world, never)).legacyStates;
    expect(state).toMatchObject({
      state: 'different',
      differences: ['users has the index name_1, which the backup lacks'],
    });
  });

  it('is planned not at all where nothing of it could be kept', async () => {
    await servers.unified.admin.db(UNIFIED).dropDatabase();
    await expect(assess(cafe.target.world, never)).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(
        /tenants, users of the unified database superkafe_v2 would be replaced.*no database of that name/,
      ),
    });
  });

  it('is planned not at all where the two connections lead to two servers', async () => {
    const { legacy } = cafe.target.world;
    await using elsewhere = cafeOn(servers, { legacyDatabases: [main], backup });
    Object.assign(cafe.target.world, { legacy: elsewhere.target.world.legacy });
    const found = { reason: 'wrong-database', message: expect.stringContaining('lead to two servers') };
    await expect(assess(cafe.target.world, never)).rejects.toMatchObject(found);
    await expect(reach('merge-collections')).rejects.toMatchObject(found);
    Object.assign(cafe.target.world, { legacy });
  });

  it('is told where the restorer could write more of it, and nothing is told where it could not', async () => {
    const rights = grantedRights(cafe.target.settings.mongo);
    expect([await rights.missing(never), await rights.excessive(never)]).toEqual([[], []]);
    const { user } = servers.unified.users.restorer;
    const admin = servers.unified.admin.db('admin');
    const privileges = [{ resource: { db: UNIFIED, collection: 'menus' }, actions: ['update'] }];
    await admin.command({ createRole: 'tooMuch', privileges, roles: [] });
    await admin.command({ grantRolesToUser: user, roles: ['tooMuch'] });
    expect((await rights.excessive(never)).map(({ what }) => what)).toEqual([
      `The MongoDB user ${user} can write into ${UNIFIED}.menus, beyond tenants, users`,
    ]);
    await admin.command({ revokeRolesFromUser: user, roles: ['tooMuch'] });
  });
});
