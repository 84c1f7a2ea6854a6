import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, startBalancer } from '../../../sandbox/servers/balancer.ts';
import { executablesOnPath } from '../../../sandbox/tools/path-lookup.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import type { TrafficAdapter } from '../../../src/adapters/traffic/contract.ts';
import { flagFileAdapter } from '../../../src/adapters/traffic/flag-file.ts';
import { marked, switchPath } from '../../../src/adapters/traffic/switch.ts';

const [nginx] = executablesOnPath('nginx', `${process.env.PATH}:/usr/sbin:/usr/local/sbin`);
const serving = { shows: 'application' };
const shown = { shows: 'maintenance' };
const kinds: Balancer['kind'][] = nginx ? ['nginx', 'proxy'] : ['proxy'];

test('nginx is there where the optional tools are required', () => {
  if (nginx === undefined) process.stderr.write('nginx is not installed: its stand-in alone is tested\n');
  expect(nginx !== undefined || process.env.REQUIRE_OPTIONAL_TOOLS !== '1').toBe(true);
});

describe.each(kinds)('with the %s', (kind) => {
  let workspace: Workspace;
  let application: Server;
  let balancer: Balancer;
  let traffic: TrafficAdapter;

  beforeEach(async () => {
    workspace = await createWorkspace();
    // It answers everything as a balancer in maintenance would, but for what only that can know.
    application = createServer((asked, answer) => answer.writeHead(asked.url === '/sick' ? 503 : 200).end('its own'));
    application.listen(0, '127.0.0.1');
    await once(application, 'listening');
    const appPort = (application.address() as AddressInfo).port;
    const tool = nginx && kind === 'nginx' ? ({ path: nginx, origin: 'path', version: '' } as const) : undefined;
    balancer = await startBalancer({ workspace, appPort, proxyHealth: true, nginx: tool });
    traffic = flagFileAdapter(balancer);
  });
  afterEach(async () => {
    application.close();
    application.closeAllConnections();
    await workspace[Symbol.asyncDispose]();
  });

  async function ask(path = '/', method = 'GET') {
    const question = marked();
    const answer = await fetch(`${balancer.url}${path}`, { method, headers: question.headers });
    const headers = Object.fromEntries(answer.headers);
    return {
      status: answer.status,
      text: await answer.text(),
      headers,
      maintenance: question.isMaintenance(headers),
      switch: question.isSwitch(headers),
    };
  }
  const files = () => readdirSync(dirname(balancer.maintenanceFile));

  test('maintenance and back at once, each as often as one likes, for every path and method', async () => {
    expect([await traffic.state(), (await ask()).text]).toEqual([serving, 'its own']);
    for (const _ of ['once', 'again']) {
      await traffic.showMaintenance();
      expect(await traffic.state()).toEqual(shown);
      for (const path of ['/', '/api/menu?page=2', '/sick', switchPath])
        expect(await ask(path, 'POST'), path).toMatchObject({ status: 503, maintenance: true });
    }
    for (const _ of ['once', 'again']) {
      await traffic.serve();
      expect(await traffic.state()).toEqual(serving);
      expect(await ask()).toMatchObject({ status: 200, text: 'its own', maintenance: false });
    }
    expect(files()).toEqual([]);
  });

  test('the application’s own 503 does not repeat what was asked, and neither does an answer to another question', async () => {
    expect(await ask('/sick')).toMatchObject({ status: 503, maintenance: false, switch: false });
    await traffic.showMaintenance();
    const { headers } = await ask();
    expect(marked().isMaintenance(headers)).toBe(false);
  });

  test('the switch is tried while users are served: they notice nothing, and nothing is left', async () => {
    expect(await ask(switchPath)).toMatchObject({ status: 200, switch: true, maintenance: false });
    const tried = await traffic.tryMaintenance(async () => [await ask(switchPath), await ask()]);
    expect(tried).toMatchObject([
      { status: 503, switch: true },
      { status: 200, text: 'its own' },
    ]);
    expect(await ask(switchPath)).toMatchObject({ status: 200, switch: true });
    await expect(traffic.tryMaintenance(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
    expect(files()).toEqual([]);
  });

  test('a person’s own hand counts: a file that is made is maintenance, one that is taken away is none', async () => {
    writeFileSync(balancer.maintenanceFile, 'the till is being counted');
    expect([await traffic.state(), (await ask()).status]).toEqual([shown, 503]);
    rmSync(balancer.maintenanceFile);
    expect([await traffic.state(), (await ask()).status]).toEqual([serving, 200]);
  });

  test('users whose client sends no question of ours get the answer all the same, and nobody asks for its page', async () => {
    await traffic.showMaintenance();
    const answer = await fetch(balancer.url);
    expect([answer.status, answer.headers.get('x-rollbackd-maintenance')?.trim()]).toEqual([503, 'shown']);
    await traffic.serve();
    expect((await fetch(`${balancer.url}/.rollbackd/maintenance`)).status).not.toBe(503);
  });

  test('a folder that is not there, or a file in its place, says what to do', async () => {
    rmSync(dirname(balancer.maintenanceFile), { recursive: true });
    const attempts = [traffic.showMaintenance, traffic.serve, () => traffic.tryMaintenance(() => ask())];
    for (const attempt of attempts)
      await expect(attempt()).rejects.toMatchObject({
        reason: 'traffic',
        remedy: expect.stringContaining('its folder'),
      });
    expect(await traffic.state()).toEqual(serving);
    writeFileSync(dirname(balancer.maintenanceFile), '');
    for (const attempt of [...attempts, traffic.state])
      await expect(attempt()).rejects.toMatchObject({ reason: 'traffic' });
  });

  test('a dry run names the file', () => {
    expect([...traffic.describe('showMaintenance'), ...traffic.describe('serve')]).toEqual([
      `touch ${balancer.maintenanceFile}`,
      `rm ${balancer.maintenanceFile}`,
    ]);
  });
});
