import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, startBalancer } from '../../../sandbox/servers/balancer.ts';
import { executablesOnPath } from '../../../sandbox/tools/path-lookup.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { nginxAdapter } from '../../../src/adapters/traffic/nginx.ts';
import type { TrafficConfig } from '../../../src/adapters/traffic/schema.ts';
import { createRunCommand } from '../../../src/exec/run-command.ts';
import { eventually } from '../../exec/eventually.ts';
import { memoryLedger } from '../../exec/memory-ledger.ts';

const never = new AbortController().signal;
const [nginx] = executablesOnPath('nginx', `${process.env.PATH}:/usr/sbin:/usr/local/sbin`);
const serving = { shows: 'application' };
const shown = {
  shows: 'maintenance',
  marker: { header: 'X-Rollbackd-Maintenance', value: expect.stringMatching(/^[0-9a-f]{16}$/) },
};
const kinds: Balancer['kind'][] = nginx ? ['nginx', 'proxy'] : ['proxy'];

test('nginx is there where the optional tools are required', () => {
  if (nginx === undefined) process.stderr.write('nginx is not installed: its stand-in alone is tested\n');
  expect(nginx !== undefined || process.env.REQUIRE_OPTIONAL_TOOLS !== '1').toBe(true);
});

describe.each(kinds)('with the %s', (kind) => {
  let workspace: Workspace;
  let application: Server;
  let balancer: Balancer;

  beforeEach(async () => {
    workspace = await createWorkspace();
    application = createServer((_, answer) => answer.end('the application')).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const appPort = (application.address() as AddressInfo).port;
    const tool = nginx && kind === 'nginx' ? ({ path: nginx, origin: 'path', version: '' } as const) : undefined;
    balancer = await startBalancer({ workspace, appPort, proxyHealth: true, nginx: tool });
  });
  afterEach(async () => {
    application.close();
    application.closeAllConnections();
    await workspace[Symbol.asyncDispose]();
  });

  const adapter = (changes: Partial<TrafficConfig> = {}) =>
    nginxAdapter({
      config: {
        adapter: 'nginx',
        command: [balancer.command, '-e', 'logs/error.log'],
        prefix: balancer.prefix,
        configFile: balancer.configFile,
        maintenanceFile: balancer.maintenanceFile,
        maintenanceStatus: 503,
        timeout: 10_000,
        ...changes,
      },
      run: createRunCommand({ ledger: memoryLedger(), run: 'run-1', step: 'contain' }),
    });
  const ask = async () => {
    const answer = await fetch(balancer.url, { headers: { connection: 'close' } });
    return { status: answer.status, text: await answer.text() };
  };
  /** In a row: after a reload the old worker takes connections for a moment more, even after the new one has answered. */
  const answersWith = (status: number) =>
    eventually(`the balancer answers nothing but ${status}`, async () => {
      for (let asked = 0; asked < 20; asked++) if ((await ask()).status !== status) return false;
      return true;
    });
  const include = () => readFileSync(balancer.maintenanceFile, 'utf8');
  const leftovers = () => readdirSync(dirname(balancer.maintenanceFile)).filter((name) => name.includes('rollbackd'));

  test('maintenance and back, each proven by asking, each as often as one likes', async () => {
    const traffic = adapter();
    expect([await traffic.state(), (await ask()).text]).toEqual([serving, 'the application']);
    for (const _ of ['once', 'again']) {
      await traffic.showMaintenance(never);
      expect(await traffic.state()).toEqual(shown);
      await answersWith(503);
    }
    for (const _ of ['once', 'again']) {
      await traffic.serve(never);
      expect(await traffic.state()).toEqual(serving);
      await answersWith(200);
    }
    expect(leftovers()).toEqual([]);
  });

  test('another maintenance status is answered as configured', async () => {
    await adapter({ maintenanceStatus: 502 }).showMaintenance(never);
    await answersWith(502);
  });

  test('a reload that never happened is made up for by the next call, though the file says it already', async () => {
    writeFileSync(balancer.maintenanceFile, 'return 503;\n');
    expect((await ask()).status).toBe(200);
    await adapter().showMaintenance(never);
    await answersWith(503);
  });

  test('every maintenance answer carries the marker of the include in force, each time another one', async () => {
    const values = new Set<string>();
    for (const _ of ['once', 'again']) {
      await adapter().showMaintenance(never);
      const state = await adapter().state();
      const marker = state.shows === 'maintenance' ? state.marker : undefined;
      const carried = async () => {
        const { status, headers } = await fetch(balancer.url, { headers: { connection: 'close' } });
        return status === 503 && headers.get(marker?.header ?? '') === marker?.value;
      };
      await eventually('the marker is carried', carried);
      values.add(marker?.value ?? '');
    }
    expect(values.size).toBe(2);
  });

  test('a maintenance that a person wrote is one without a marker', async () => {
    writeFileSync(balancer.maintenanceFile, 'return 503;\n');
    expect(await adapter().state()).toEqual({ shows: 'maintenance' });
  });

  test('a configuration that does not load leaves the include and the answers as they were', async () => {
    writeFileSync(balancer.configFile, 'this is no configuration');
    if (kind === 'proxy') rmSync(balancer.configFile);
    await expect(adapter().showMaintenance(never)).rejects.toMatchObject({ reason: 'traffic' });
    expect([await adapter().state(), include(), (await ask()).status, leftovers()]).toEqual([serving, '', 200, []]);
  });

  test('a balancer that is not running is an error, and the include stays as it was', async () => {
    await balancer.stop();
    await expect(adapter().showMaintenance(never)).rejects.toMatchObject({ reason: 'traffic' });
    expect(include()).toBe('');
  });

  test('an abort restores the include', async () => {
    await expect(adapter().showMaintenance(AbortSignal.abort())).rejects.toMatchObject({ reason: 'traffic' });
    expect([include(), (await ask()).status]).toEqual(['', 200]);
  });

  test('a program that does nothing is found out: nothing changes for anybody', async () => {
    const fake = adapter({ command: ['/bin/true'] });
    await expect(fake.showMaintenance(never)).rejects.toThrow(/does not say that the test is successful/);
    expect([await fake.state(), (await ask()).status]).toEqual([serving, 200]);
    await adapter().showMaintenance(never);
    await answersWith(503);
    await expect(fake.serve(never)).rejects.toMatchObject({ reason: 'traffic' });
    expect([await fake.state(), (await ask()).status]).toEqual([shown, 503]);
  });

  test('a program that is not there says what to do', async () => {
    await expect(adapter({ command: ['/no/such/nginx'] }).serve(never)).rejects.toThrow(/install the program/);
  });

  test('a missing include is an error, and is not made: nginx would not be the same', async () => {
    rmSync(balancer.maintenanceFile);
    await expect(adapter().state()).rejects.toMatchObject({
      reason: 'traffic',
      remedy: expect.stringContaining('empty file'),
    });
    await expect(adapter().showMaintenance(never)).rejects.toMatchObject({ reason: 'traffic' });
    expect(existsSync(balancer.maintenanceFile)).toBe(false);
  });

  test('a link to the include stays a link, and the file keeps its mode', async () => {
    const link = join(balancer.prefix, 'linked.conf');
    symlinkSync(balancer.maintenanceFile, link);
    chmodSync(balancer.maintenanceFile, 0o640);
    await adapter({ maintenanceFile: link }).showMaintenance(never);
    await answersWith(503);
    expect(statSync(balancer.maintenanceFile).mode & 0o777).toBe(0o640);
    expect(include()).toMatch(/\nreturn 503;\n$/);
  });

  test('comments are nothing, somebody else’s directives are neither one state nor the other', async () => {
    writeFileSync(balancer.maintenanceFile, '# return 503;\n\n');
    expect(await adapter().state()).toEqual(serving);
    writeFileSync(balancer.maintenanceFile, 'deny all;\n');
    await expect(adapter().state()).rejects.toThrow(/something else/);
  });

  test('a dry run names the file and the commands', () => {
    expect(adapter({ command: ['sudo', 'nginx'] }).describe('showMaintenance')).toEqual([
      `write "add_header X-Rollbackd-Maintenance <random> always; return 503;" to ${balancer.maintenanceFile}`,
      `sudo nginx -p ${balancer.prefix} -c ${balancer.configFile} -t`,
      `sudo nginx -p ${balancer.prefix} -c ${balancer.configFile} -s reload`,
    ]);
  });
});
