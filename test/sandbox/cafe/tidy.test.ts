import { existsSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readPortUse } from '../../../sandbox/oracle/sockets.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { isRunning, processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { exampleText } from '../../config/example.ts';
import { type JourneyInput, journeying, told } from '../../probes/journeys/journeying.ts';
import { login, loginOf, menuOf, request, setFault } from './client.ts';
import { eventually } from './eventually.ts';
import { contain, rollBackByHand } from './roll-back-by-hand.ts';

const isForeign =
  (slug: string) =>
  ({ id }: { readonly id: string }) =>
    id.startsWith('menu-') && !id.startsWith(`menu-${slug}-`);

describe('the tidy café', () => {
  let sandbox: Sandbox;
  let admin: MongoClient;

  beforeAll(async () => {
    sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', documents: 2_000 });
    admin = new MongoClient(sandbox.mongo.adminUri);
  }, 120_000);

  afterAll(async () => {
    await admin?.close();
    await sandbox?.[Symbol.asyncDispose]();
  }, 60_000);

  it('serves each tenant its own menu, with ids that the migration made anew', async () => {
    for (const { slug } of sandbox.tenants) {
      const menu = await menuOf(sandbox, slug);
      expect(menu.length).toBeGreaterThan(20);
      expect(menu.some(isForeign(slug))).toBe(false);
      expect(new Set(menu.map(({ tenantId }) => tenantId)).size).toBe(1);
    }
  });

  it('answers 400 without a tenant and 404 for an unknown one', async () => {
    expect((await request(sandbox.publicUrl, undefined, '/api/menu')).status).toBe(400);
    expect((await request(sandbox.publicUrl, 'nobody', '/api/menu')).status).toBe(404);
  });

  it('shows nobody a dish of another tenant by its _id', async () => {
    const [first] = await menuOf(sandbox, 'negoes');
    expect((await request(sandbox.publicUrl, 'negoes', `/api/menu/${first?._id}`)).status).toBe(200);
    expect((await request(sandbox.publicUrl, 'senja', `/api/menu/${first?._id}`)).status).toBe(404);
  });

  it('tells its health and the database in use', async () => {
    const { status, body } = await request(sandbox.publicUrl, undefined, '/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      status: 'healthy',
      database: { connected: true, name: 'superkafe_v2' },
    });
  });

  it('lets an admin log in, add a dish and take it away again', async () => {
    const token = await login(sandbox, 'negoes');
    const json = { name: 'Test item', price: 10_000 };
    expect((await request(sandbox.publicUrl, 'negoes', '/api/menu', { method: 'POST', json })).status).toBe(401);
    const created = await request(sandbox.publicUrl, 'negoes', '/api/menu', { method: 'POST', json, token });
    expect(created.status).toBe(201);
    const { _id } = created.body as { _id: string };
    const gone = await request(sandbox.publicUrl, 'negoes', `/api/menu/${_id}`, { method: 'DELETE', token });
    expect(gone.status).toBe(200);
    expect((await request(sandbox.publicUrl, 'senja', '/api/menu', { method: 'POST', json, token })).status).toBe(403);
  });

  it('lets the journeys of the example pass, which leave its menus as they were', async () => {
    const slugs = sandbox.tenants.slice(0, 2).map(({ slug }) => slug);
    const { unified, legacy } = parse(exampleText).probes;
    const journeys: JourneyInput[] = [...unified.journeys, ...legacy.journeys];
    const probe = journeying({
      publicUrl: sandbox.publicUrl,
      journeys: journeys.map((journey) => ({ ...journey, tenants: slugs, every: '1m' })),
      slugs,
      loginOf: (slug) => loginOf(sandbox, slug),
    });
    const before = await Promise.all(slugs.map((slug) => menuOf(sandbox, slug)));
    const outcomes: unknown[] = [];
    for (let look = 0; look < 4; look += 1) {
      outcomes.push(told(await probe.look()));
      probe.pass(probe.everyMs);
    }
    const passed = journeys.map(({ name }) => ({ journey: name, outcome: 'passed' }));
    expect(outcomes).toMatchObject(slugs.flatMap((tenant) => passed.map((each) => ({ ...each, tenant }))));
    expect(await Promise.all(slugs.map((slug) => menuOf(sandbox, slug)))).toEqual(before);
  });

  it('took orders after the cut-over, in the unified database', async () => {
    const written = await admin
      .db(sandbox.mongo.unifiedDatabase)
      .collection('orders')
      .countDocuments({ id: /^traffic-cutover-/, createdAt: { $gt: sandbox.cutoverAt } });
    expect(written).toBe(sandbox.writesSinceCutover);
    expect(written).toBe(16);
  });

  it('stored the units and the super-admin once, without a tenant', async () => {
    const unified = admin.db(sandbox.mongo.unifiedDatabase);
    expect(await unified.collection('units').countDocuments({ tenantId: { $exists: false } })).toBe(12);
    expect(await unified.collection('users').countDocuments({ tenantId: { $exists: false } })).toBe(1);
  });

  it('is judged untouched, and not rolled back, as long as nobody did anything', async () => {
    expect(await sandbox.oracle.judgeUntouched()).toMatchObject({ agrees: true, findings: [] });
    const { agrees, findings } = await sandbox.oracle.judgeRolledBack();
    expect(agrees).toBe(false);
    expect(findings.join('\n')).toContain('is checked out, not');
    expect(findings.join('\n')).toContain('an order went to superkafe_v2');
    expect(findings.join('\n')).toContain('superkafe_rindu.orders');
  }, 30_000);

  it('dies again and again in an outage, while the database is well, and comes back after it', async () => {
    await setFault(sandbox, 'outage');
    await eventually(
      () => request(sandbox.publicUrl, 'negoes', '/api/menu'),
      ({ status }) => status === 502,
    );
    const seen = new Set<number | undefined>();
    await eventually(
      async () => {
        for (const { pid } of await sandbox.pm2.control.list()) seen.add(pid || undefined);
        expect((await request(sandbox.publicUrl, 'negoes', '/api/menu')).status).toBe(502);
        return [...seen].filter((pid) => pid !== undefined).length;
      },
      (pids) => pids >= 3,
    );
    expect(await admin.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await setFault(sandbox, 'none');
    await eventually(
      () => request(sandbox.publicUrl, 'negoes', '/api/menu'),
      ({ status }) => status === 200,
    );
  }, 60_000);

  it('refuses faults that it does not know', async () => {
    expect((await setFault(sandbox, 'earthquake')).status).toBe(400);
    expect((await request(sandbox.controlUrl, undefined, '/fault')).body).toMatchObject({ name: 'none' });
  });

  it('leaks while told to, and the clock sees the first leaked answer and the containment', async () => {
    await using clock = await sandbox.oracle.startLeakClock();
    expect(clock.times().firstLeakAt).toBeUndefined();
    await setFault(sandbox, 'leak');
    const leaked = await clock.leaked(AbortSignal.timeout(15_000));
    expect(leaked.containedAt).toBeUndefined();
    const menus = await Promise.all(
      sandbox.tenants.map(async ({ slug }) => (await menuOf(sandbox, slug)).some(isForeign(slug))),
    );
    expect(menus.filter(Boolean).length).toBeGreaterThan(4);
    expect((await sandbox.oracle.judgeUntouched()).findings.join('\n')).toContain('is shown dishes of');
    expect(await sandbox.oracle.judgeUntouched({ serves: false })).toMatchObject({ agrees: true });
    await contain(sandbox);
    const contained = await clock.contained(AbortSignal.timeout(15_000));
    expect(contained.containedAt).toBeGreaterThanOrEqual(contained.lastLeakAt ?? Number.POSITIVE_INFINITY);
    expect(readPortUse(sandbox.appPort)).toEqual({ listeners: 0, established: 0 });
  }, 60_000);

  it('is judged rolled back when a person followed the runbook to the end', async () => {
    await rollBackByHand(sandbox);
    const { agrees, findings, perTenant } = await sandbox.oracle.judgeRolledBack();
    expect(findings).toEqual([]);
    expect(agrees).toBe(true);
    expect(perTenant).toHaveLength(8);
    for (const { before, after } of perTenant) expect(after).toBe(before);
    expect((await sandbox.oracle.judgeUntouched()).agrees).toBe(false);
  }, 90_000);

  it.each([
    ['a changed document', 'superkafe_pagi', 'changed', { $set: { total: 1 } }],
    ['a document of another type', 'superkafe_tepian', 'changed', { $set: { total: '8000' } }],
  ])(
    'is not judged rolled back with %s in one database',
    async (_what, database, finding, update) => {
      const orders = admin.db(database).collection('orders');
      const victim = await orders.findOne({ id: /^order-/ });
      if (!victim) throw new Error('no order to plant a fault in');
      await orders.updateOne({ _id: victim._id }, update);
      const { agrees, findings } = await sandbox.oracle.judgeRolledBack();
      await orders.replaceOne({ _id: victim._id }, victim);
      expect(agrees).toBe(false);
      expect(findings).toEqual([expect.stringContaining(finding)]);
    },
    30_000,
  );

  it('is not judged rolled back with a test item left on a menu or a database left behind', async () => {
    const menu = admin.db('superkafe_negoes').collection('menuitems');
    const { insertedId } = await menu.insertOne({ id: 'test-item', name: 'Test item', price: 1 });
    await admin.db('superkafe_negoes_staged').collection('orders').insertOne({ left: 'over' });
    const { findings } = await sandbox.oracle.judgeRolledBack();
    await menu.deleteOne({ _id: insertedId });
    await admin.db('superkafe_negoes_staged').dropDatabase();
    expect(findings.join('\n')).toContain('neither of the seed nor of the traffic (test-item)');
    expect(findings.join('\n')).toContain('is shown test-item');
    expect(findings.join('\n')).toContain('database superkafe_negoes_staged is left over');
  }, 30_000);

  it('leaves nothing behind when it is disposed of', async () => {
    const apps = (await sandbox.pm2.control.list()).map(({ pid }) => pid);
    const pids = [...apps, sandbox.pm2.control.daemonPid(), sandbox.mongo.server.pid, sandbox.balancer.pid];
    const processes = pids.flatMap((pid) => (pid === undefined ? [] : (processIdentity(pid) ?? [])));
    expect(processes).toHaveLength(4);
    await admin.close();
    await sandbox[Symbol.asyncDispose]();
    expect(processes.filter(isRunning)).toEqual([]);
    expect(existsSync(sandbox.root)).toBe(false);
    expect(sandbox.traffic.running).toBe(false);
    for (const port of [sandbox.appPort, sandbox.mongo.port]) expect(readPortUse(port).listeners).toBe(0);
  }, 60_000);
});
