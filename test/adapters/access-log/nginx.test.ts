import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Balancer, startBalancer } from '../../../sandbox/servers/balancer.ts';
import { executablesOnPath } from '../../../sandbox/tools/path-lookup.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import type { AccessEntry } from '../../../src/adapters/access-log/contract.ts';
import { nginxAccessLog } from '../../../src/adapters/access-log/nginx-log.ts';
import { eventually } from '../../exec/eventually.ts';

const [nginx] = executablesOnPath('nginx', `${process.env.PATH}:/usr/sbin:/usr/local/sbin`);
const kinds: Balancer['kind'][] = nginx ? ['nginx', 'proxy'] : ['proxy'];

describe.each(kinds)('the access log of the %s', (kind) => {
  let workspace: Workspace;
  let application: Server;
  let balancer: Balancer;

  beforeEach(async () => {
    workspace = await createWorkspace();
    application = createServer((request, answer) => {
      answer.statusCode = request.url === '/api/broken' ? 500 : 200;
      setTimeout(() => answer.end('well'), request.url?.startsWith('/api/slow') ? 80 : 0);
    }).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const { port: appPort } = application.address() as AddressInfo;
    const tool = nginx && kind === 'nginx' ? ({ path: nginx, origin: 'path', version: '' } as const) : undefined;
    balancer = await startBalancer({ workspace, appPort, proxyHealth: false, nginx: tool });
  });
  afterEach(async () => {
    application.close();
    application.closeAllConnections();
    await workspace[Symbol.asyncDispose]();
  });

  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${balancer.url}${path}`, { headers: { connection: 'close', ...headers } }).then((answer) => answer.text());

  const logText = () => (existsSync(balancer.accessLog) ? readFileSync(balancer.accessLog, 'utf8') : '');

  const reader = () => {
    const log = nginxAccessLog({ file: balancer.accessLog, format: 'json', paths: ['/'] });
    const seen: AccessEntry[] = [];
    const look = () => log.readOn((entry) => seen.push(entry));
    const has = (count: number) =>
      eventually(`${count} requests are in the log`, async () => {
        await look();
        return seen.length >= count;
      });
    return { seen, look, has };
  };

  test('tells each request with its status, time, tenant and whether the application was asked', async () => {
    await ask('/api/first');
    await eventually('it is written', () => logText().includes('/api/first'));
    const { seen, look, has } = reader();
    await look();
    await ask('/api/slow?token=secret', { 'x-tenant-slug': 'kopi', 'user-agent': 'Mozilla/5.0 "quoted"' });
    await ask('/api/broken', { 'user-agent': 'rollbackd' });
    await ask('/health');
    await has(3);
    expect(seen).toMatchObject([
      { path: '/api/slow', status: 200, tenant: 'kopi', upstream: true, agent: 'Mozilla/5.0 "quoted"', method: 'GET' },
      { path: '/api/broken', status: 500, tenant: '', upstream: true, agent: 'rollbackd' },
      { path: '/health', status: 200, upstream: false },
    ]);
    expect(seen[0]?.durationMs).toBeGreaterThanOrEqual(70);
    expect(Math.abs((seen[0]?.at ?? 0) - Date.now())).toBeLessThan(20_000);
  });

  if (kind !== 'nginx') return;

  test('loses nothing and counts nothing twice over a rotation by rename and reopen', async () => {
    const { seen, look, has } = reader();
    await eventually('the log is there', () =>
      look().then(
        () => true,
        () => false,
      ),
    );
    const burst = (from: number) => Promise.all(Array.from({ length: 20 }, (_, index) => ask(`/api/${from + index}`)));
    await burst(0);
    renameSync(balancer.accessLog, `${balancer.accessLog}.1`);
    await burst(20);
    process.kill(balancer.pid, 'SIGUSR1');
    await burst(40);
    await has(60);
    expect(seen.map(({ path }) => path).toSorted()).toEqual(
      Array.from({ length: 60 }, (_, index) => `/api/${index}`).toSorted(),
    );
  });
});
