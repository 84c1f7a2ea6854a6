import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { runProgram } from '../../../sandbox/tools/run-program.ts';
import { type Item, login, menuOf, request, setFault } from './client.ts';
import { eventually } from './eventually.ts';
import { contain, rollBackByHand, startLegacy } from './roll-back-by-hand.ts';

describe('the rough café, on a replica set', () => {
  let sandbox: Sandbox;
  let admin: MongoClient;

  beforeAll(async () => {
    sandbox = await startSandbox({ temperament: 'rough', mongo: 'replicaSet', documents: 2_000 });
    admin = new MongoClient(sandbox.mongo.adminUri);
  }, 120_000);

  afterAll(async () => {
    await admin?.close();
    await sandbox?.[Symbol.asyncDispose]();
  }, 60_000);

  const settingsLeak = async (): Promise<boolean> => {
    await menuOf(sandbox, 'senja');
    const { body } = await request(sandbox.publicUrl, 'negoes', '/api/settings');
    return (body as { data: readonly Item[] }).data.some(
      ({ id }) => id.startsWith('menu-') && !id.startsWith('menu-negoes-'),
    );
  };

  it('serves each tenant its own menu with two workers, and is judged untouched', async () => {
    expect(await sandbox.pm2.control.list()).toHaveLength(2);
    expect(await sandbox.oracle.judgeUntouched()).toMatchObject({ agrees: true, findings: [] });
  }, 30_000);

  it('runs on a replica set', async () => {
    expect(await admin.db('admin').command({ hello: 1 })).toMatchObject({ setName: sandbox.mongo.replicaSet });
  });

  it('hides its health behind the balancer, which answers with a page', async () => {
    const { status, body } = await request(sandbox.publicUrl, undefined, '/health');
    expect(status).toBe(200);
    expect(body).toContain('<!doctype html>');
    expect((await request(sandbox.appUrl, undefined, '/health')).body).toMatchObject({ status: 'healthy' });
  });

  it('shows settings of whoever asked last', async () => {
    await eventually(settingsLeak, (leaks) => leaks);
  });

  it('lists orders only for those who logged in, and lets five log in at once', async () => {
    expect((await request(sandbox.publicUrl, 'negoes', '/api/orders')).status).toBe(401);
    const token = await login(sandbox, 'negoes');
    const { status, body } = await request(sandbox.publicUrl, 'negoes', '/api/orders?limit=2', { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ page: 1, limit: 2 });
    expect((body as { data: unknown[] }).data).toHaveLength(2);
    const tokens: string[] = [];
    for (let time = 0; time < 12; time++) tokens.push(await login(sandbox, 'senja'));
    // Each of the two workers counts for itself: which one refuses the last is chance.
    expect(tokens).toContain('');
  });

  it('lies in a repository with dirty tracked modules, another package at the root and an ecosystem file that git does not know', async () => {
    const git = (...args: readonly string[]) =>
      runProgram(sandbox.tools.git.path, args, { cwd: sandbox.repository.root, timeoutMs: 20_000 });
    const status = (await git('status', '--porcelain')).trim().split('\n');
    expect(status.filter((line) => line.includes('node_modules')).length).toBe(41);
    expect(status).toContain('?? backend/ecosystem.config.js');
    expect(await git('show', `${sandbox.repository.legacyRef}:package.json`)).toContain('"superkafe"');
    await expect(git('checkout', '--quiet', sandbox.repository.legacyRef)).rejects.toThrow(/overwritten by checkout/);
  });

  it('lets requests hang in an outage', async () => {
    await setFault(sandbox, 'outage');
    const asked = await request(sandbox.publicUrl, 'negoes', '/api/menu', { timeoutMs: 1_500 });
    await setFault(sandbox, 'none');
    expect(asked.status).toBe(0);
    await eventually(
      () => request(sandbox.publicUrl, 'negoes', '/api/menu'),
      ({ status }) => status === 200,
    );
  });

  it('goes on using the unified database when pm2 keeps its old environment, and the oracle says so', async () => {
    await contain(sandbox);
    await rollBackByHand(sandbox, { endPm2: false });
    const { agrees, findings } = await sandbox.oracle.judgeRolledBack();
    expect(agrees).toBe(false);
    expect(findings.join('\n')).toMatch(/an order went to superkafe_v2|an order was answered|status \d+/);
  }, 90_000);

  it('is judged rolled back once pm2 has forgotten it, though the settings still leak', async () => {
    await sandbox.pm2.control.stop();
    await startLegacy(sandbox);
    expect(await sandbox.oracle.judgeRolledBack()).toMatchObject({ agrees: true, findings: [] });
    expect((await request(sandbox.appUrl, undefined, '/health')).status).toBe(404);
    await eventually(settingsLeak, (leaks) => leaks);
  }, 60_000);
});
