import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Balancer, BalancerOptions } from '../../../sandbox/servers/balancer.ts';
import { isRunning, processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';

/** What every balancer of the sandbox must do, whichever program it is. */
export function testBalancer(start: (options: BalancerOptions) => Promise<Balancer>): void {
  let workspace: Workspace;
  let app: Server;
  let appPort: number;
  let balancer: Balancer;

  beforeAll(async () => {
    workspace = await createWorkspace();
    appPort = await workspace.freePort();
    app = await startApp(appPort);
    balancer = await start({ workspace, appPort, proxyHealth: true });
  }, 60_000);

  afterAll(async () => {
    app.close();
    app.closeAllConnections();
    await workspace[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    rmSync(balancer.maintenanceFile, { force: true });
  });

  test('passes requests on, with method, path, tenant and body, and the answer back', async () => {
    const answer = await ask('/api/menu?page=2', {
      method: 'POST',
      headers: { 'x-tenant-slug': 'north' },
      body: 'tea',
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ method: 'POST', url: '/api/menu?page=2', tenant: 'north', body: 'tea' });
  });

  test("passes the application's own errors on as they are", async () => {
    expect((await ask('/api/fails')).status).toBe(418);
  });

  test('keeps one connection open over several requests', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await portUsed(agent, `${balancer.url}/api/a`);
    expect(await portUsed(agent, `${balancer.url}/api/b`)).toBe(first);
    agent.destroy();
  });

  test('killed, it leaves nobody who listens; started again it serves at the same place', async () => {
    const before = balancer.pid;
    balancer.kill();
    await expect.poll(() => ask('/api/menu').catch(() => 'nobody')).toBe('nobody');
    await balancer.restart();
    expect((await ask('/api/menu')).status).toBe(200);
    expect(balancer.pid).not.toBe(before);
  });

  test('answers 503 to everybody while the file is there, which repeats what was asked, and serves again without it', async () => {
    writeFileSync(balancer.maintenanceFile, '');
    const closed = await ask('/health', { headers: { 'x-rollbackd-ask': 'a1' } });
    expect([closed.status, closed.headers.get('x-rollbackd-maintenance')]).toEqual([503, 'shown a1']);
    rmSync(balancer.maintenanceFile);
    const open = await ask('/health', { headers: { 'x-rollbackd-ask': 'a2' } });
    expect([open.status, open.headers.get('x-rollbackd-maintenance')]).toEqual([200, null]);
  });

  test('writes one line of JSON for each request', async () => {
    await (
      await ask('/api/logged?secret=1', { headers: { 'x-tenant-slug': 'south', 'user-agent': 'suite/1' } })
    ).text();
    const line = await untilLogged('/api/logged');
    expect(line).toEqual({
      time: expect.closeTo(Date.now() / 1_000, -1),
      method: 'GET',
      path: '/api/logged',
      status: 200,
      duration: expect.any(Number),
      upstream: `127.0.0.1:${appPort}`,
      upstreamStatus: '200',
      agent: 'suite/1',
      tenant: 'south',
    });
  });

  test("logs its own maintenance answers without an upstream, so that they are not taken for the application's", async () => {
    writeFileSync(balancer.maintenanceFile, '');
    await ask('/api/closed');
    expect(await untilLogged('/api/closed')).toMatchObject({ status: 503, upstream: '', upstreamStatus: '' });
  });

  test('answers 502 while there is no application', async () => {
    const lonely = await start({ workspace, appPort: await workspace.freePort(), proxyHealth: true });
    expect((await fetch(`${lonely.url}/api/menu`)).status).toBe(502);
    await lonely.stop();
  });

  test('answers /health by the application, or where that is not proxied by index.html with 200', async () => {
    expect(await (await ask('/health')).json()).toMatchObject({ url: '/health' });
    const rough = await start({ workspace, appPort, proxyHealth: false });
    const answer = await fetch(`${rough.url}/health`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await (await fetch(`${rough.url}/api/menu`)).json()).toMatchObject({ url: '/api/menu' });
    await rough.stop();
  });

  test('stops for good: its process is gone and its port is closed', async () => {
    const other = await start({ workspace, appPort, proxyHealth: true });
    const identity = processIdentity(other.pid);
    await other.stop();
    expect(identity && isRunning(identity)).toBe(false);
    await expect(fetch(other.url)).rejects.toThrow();
  });

  /** Over a new connection each time. */
  function ask(path: string, { headers, ...options }: RequestInit = {}): Promise<Response> {
    return fetch(`${balancer.url}${path}`, { ...options, headers: { ...headers, connection: 'close' } });
  }

  async function untilLogged(path: string): Promise<unknown> {
    const logged = () => {
      const lines = readFileSync(balancer.accessLog, 'utf8').trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as { path: string }).find((line) => line.path === path);
    };
    await until(`${path} is logged`, async () => logged() !== undefined);
    return logged();
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await pause(10);
  }
}

async function startApp(port: number): Promise<Server> {
  const app = createServer(async (incoming, response) => {
    const { method, url, headers } = incoming;
    const body = await bodyOf(incoming);
    response.statusCode = url === '/api/fails' ? 418 : 200;
    response.end(JSON.stringify({ method, url, tenant: headers['x-tenant-slug'], body }));
  });
  app.listen(port, '127.0.0.1');
  await once(app, 'listening');
  return app;
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  return body;
}

/** Our end of the connection that a request went over. */
async function portUsed(agent: Agent, url: string): Promise<number | undefined> {
  const outgoing = request(url, { agent });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const port = answer.socket.localPort;
  await bodyOf(answer);
  return port;
}
