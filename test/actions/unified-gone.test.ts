import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { assess } from '../../src/rollback/assess.ts';
import { buildPlan } from '../../src/rollback/plan.ts';
import { dropAll, fill, never, UNIFIED } from '../adapters/mongo/mongo-fixture.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import type { Target } from './target-state.ts';
import { cafeOn, type OnServers, startTwoServers, type TwoServers } from './two-servers.ts';

let servers: TwoServers;

beforeAll(async () => {
  servers = await startTwoServers();
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(async () => {
  await dropAll(servers.unified.admin);
  await dropAll(servers.legacy.admin);
  await fill(servers.legacy.admin, 'superkafe_a.menus', [{ _id: 1 as never }]);
});

const restored = [{ name: 'superkafe_a', tenant: 'a', policy: 'restore' as const }];
const oneServer = () => {
  const { host, port } = servers.unified.server;
  return { legacy: { host, port }, legacyDatabases: restored };
};

/** The step done and proven, as a run does it. */
async function reach({ target }: OnServers, action: ActionName) {
  const context = target.context();
  await actions[action].perform?.(context);
  return actions[action].prove(context);
}

async function planOf({ target }: OnServers) {
  const backup = join(target.folder, 'backup');
  await writeCollection(join(backup, 'superkafe_a'), 'menus', [{ _id: 1 }]);
  const assessment = await assess(target.world, never);
  return { assessment, plan: buildPlan(target.world, assessment, 'rollback', 'config') };
}

const evidenceOf = (target: Target) => join(target.settings.rollback.evidenceFolder, 'run-1');

describe('a unified database that was dropped', () => {
  it('is planned without its snapshot, which the plan says aloud, on one server as on two', async () => {
    for (const where of [{ legacyDatabases: restored }, oneServer()]) {
      await using cafe = cafeOn(servers, where);
      await fill(servers.unified.admin, 'superkafe_a.menus', [{ _id: 1 as never }]);
      const { assessment, plan } = await planOf(cafe);
      expect(assessment).toMatchObject({ unifiedBytes: 0, unifiedNotKept: expect.stringContaining('no database') });
      const step = plan.steps.find(({ action }) => action === 'forgo-unified-snapshot');
      expect(step?.title).toBe(`Keep NOTHING of ${UNIFIED}: its server holds no database of that name`);
      expect(plan.steps.some(({ action }) => action === 'snapshot-unified')).toBe(false);
      expect(await reach(cafe, 'forgo-unified-snapshot')).toEqual({
        kept: 'nothing',
        why: 'its server holds no database of that name',
      });
      await servers.unified.admin.db('superkafe_a').dropDatabase();
    }
  });

  it('ends no run that was planned while it was there: nothing to keep is proven, not taken for a silent tool', async () => {
    await using cafe = cafeOn(servers, { legacyDatabases: restored });
    expect(await reach(cafe, 'snapshot-unified')).toEqual({
      kept: 'nothing',
      why: 'its server holds no database of that name',
    });
  });

  it('is kept after all where it is there again', async () => {
    await using cafe = cafeOn(servers, { legacyDatabases: restored });
    await fill(servers.unified.admin, `${UNIFIED}.menus`, [{ n: 1 }, { n: 2 }]);
    expect(await reach(cafe, 'forgo-unified-snapshot')).toMatchObject({ documents: 2 });
    expect(await readdir(join(evidenceOf(cafe.target), 'unified-state', UNIFIED))).toContain('menus.bson');
  });

  it('is not taken for gone by a name in another case', async () => {
    await using cafe = cafeOn(servers, { legacyDatabases: restored });
    await fill(servers.unified.admin, 'SuperKafe_V2.menus', [{ n: 1 }]);
    await expect(planOf(cafe)).rejects.toMatchObject({ reason: 'wrong-database' });
    await servers.unified.admin.db('SuperKafe_V2').dropDatabase();
  });

  it('is not taken for gone by somebody who may not see it', async () => {
    await using cafe = cafeOn(servers, { unified: { ...servers.unified.config.unified, database: 'hidden' } });
    await fill(servers.unified.admin, 'hidden.menus', [{ n: 1 }]);
    Object.assign(cafe.target.world.unified, { databaseNames: async () => ['superkafe_a'] });
    await expect(reach(cafe, 'snapshot-unified')).rejects.toMatchObject({ reason: 'operation-failed' });
    await servers.unified.admin.db('hidden').dropDatabase();
  });
});

describe('a unified server that is out of reach', () => {
  const nobody = { host: '127.0.0.1', port: 1, database: UNIFIED };

  it('is planned without the snapshot where the legacy server is another one, and fence and disk do without it', async () => {
    await using cafe = cafeOn(servers, { unified: nobody, legacyDatabases: restored });
    const { plan } = await planOf(cafe);
    const step = plan.steps.find(({ action }) => action === 'forgo-unified-snapshot');
    expect(step?.title).toMatch(/^Keep NOTHING of superkafe_v2: MongoDB at 127\.0\.0\.1:1 /);
    cafe.target.state.port = { listening: false, listeners: [], hidden: [], established: 0 };
    cafe.target.state.clients = [];
    const fence = actions['prove-fence'].prove({ ...cafe.target.context(), world: fast(cafe) });
    expect(await fence).toMatchObject({ writesWhileWatched: expect.stringContaining('not checked: MongoDB at') });
    expect(await reach(cafe, 'check-disk')).toMatchObject({ mongod: 'nothing is restored' });
    expect(await reach(cafe, 'forgo-unified-snapshot')).toMatchObject({ kept: 'nothing' });
  });

  it('still ends a run that was to keep it: that was not what people said yes to', async () => {
    await using cafe = cafeOn(servers, { unified: nobody, legacyDatabases: restored });
    await expect(reach(cafe, 'snapshot-unified')).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('gives another plan than the one that keeps it', async () => {
    await using without = cafeOn(servers, { unified: nobody, legacyDatabases: restored });
    await using withIt = cafeOn(servers, { legacyDatabases: restored });
    await fill(servers.unified.admin, `${UNIFIED}.menus`, [{ n: 1 }]);
    const [one, other] = [await planOf(without), await planOf(withIt)];
    expect(other.plan.steps.some(({ action }) => action === 'snapshot-unified')).toBe(true);
    expect(one.plan.hash).not.toBe(other.plan.hash);
  });

  it('leaves no plan where it is the legacy server too', async () => {
    await using cafe = cafeOn(servers, {
      unified: nobody,
      legacy: { host: 'localhost', port: 1 },
      legacyDatabases: restored,
    });
    await expect(planOf(cafe)).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('does not hold the lease back, which lies on the legacy server', async () => {
    await using cafe = cafeOn(servers, { unified: nobody, legacyDatabases: restored });
    expect(await cafe.open.lease.acquire(60_000, never)).toMatchObject({ mine: true });
    expect(await servers.legacy.admin.db('rollbackd').collection('leases').countDocuments()).toBe(1);
    expect(await servers.unified.admin.db('rollbackd').collection('leases').countDocuments()).toBe(0);
  });

  const fast = ({ target }: OnServers) => ({
    ...target.world,
    clock: { ...target.world.clock, sleep: async () => {} },
  });
});
