import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Balancer, BalancerOptions } from '../../../sandbox/servers/balancer.ts';
import { isRunning, processIdentity } from '../../../sandbox/workspace/process-identity.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';

const run = promisify(execFile);

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
    // A reload is carried out after its command has returned: one without need could pick up what a test writes next.
    if (readFileSync(balancer.maintenanceFile, 'utf8') !== '') await setMaintenance('');
    await untilStatus(200);
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

  test('answers 503 to everybody after the switch and a reload, and serves again after the way back', async () => {
    await setMaintenance('return 503;\n');
    await untilStatus(503);
    expect((await ask('/health')).status).toBe(503);
    await setMaintenance('');
    await untilStatus(200);
  });

  test('adds a header to the maintenance answer if it is always to be added, and to none of the application’s', async () => {
    await setMaintenance('add_header X-Mark m1 always;\nadd_header X-Not-Mark m2;\nreturn 503;\n');
    await untilStatus(503);
    const { headers } = await ask('/api/menu');
    expect([headers.get('x-mark'), headers.get('x-not-mark')]).toEqual(['m1', null]);
    await setMaintenance('');
    await untilStatus(200);
    expect((await ask('/api/menu')).headers.get('x-mark')).toBeNull();
  });

  test('changes nothing before the reload', async () => {
    writeFileSync(balancer.maintenanceFile, 'return 503;\n');
    expect((await ask('/api/menu')).status).toBe(200);
  });

  test('refuses a broken maintenance file in the test and in the reload, and goes on as before', async () => {
    writeFileSync(balancer.maintenanceFile, 'retrun 503;\n');
    await expect(command('-t')).rejects.toMatchObject({ code: 1 });
    await expect(command('-s', 'reload')).rejects.toMatchObject({ code: 1 });
    expect((await ask('/api/menu')).status).toBe(200);
  });

  test('says on -t that the files are in order', async () => {
    expect((await command('-t')).stderr).toContain('test is successful');
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
    await setMaintenance('return 503;');
    await untilStatus(503);
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

  /** Over a new connection each time: after a reload an old one may still lead to an old worker. */
  function ask(path: string, { headers, ...options }: RequestInit = {}): Promise<Response> {
    return fetch(`${balancer.url}${path}`, { ...options, headers: { ...headers, connection: 'close' } });
  }

  async function command(...args: string[]) {
    return run(balancer.command, ['-p', balancer.prefix, '-c', 'conf/nginx.conf', '-e', 'logs/error.log', ...args]);
  }

  /** As an operator's tool does it: never half a file under the real name. */
  async function setMaintenance(content: string): Promise<void> {
    writeFileSync(`${balancer.maintenanceFile}.new`, content);
    renameSync(`${balancer.maintenanceFile}.new`, balancer.maintenanceFile);
    await command('-t');
    await command('-s', 'reload');
  }

  /** Proven by asking; a worker from before the reload may still take a request until it has gone. */
  async function untilStatus(status: number): Promise<void> {
    await until(`the answer is ${status}`, async () => (await ask('/api/menu')).status === status);
    await until('one worker is left', async () => workersOf(balancer.pid).length <= 1);
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

function workersOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
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
