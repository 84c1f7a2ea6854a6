import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPortDispenser } from '../../sandbox/workspace/free-port.ts';
import type { AccessEntry } from '../../src/adapters/access-log/contract.ts';
import { nginxAccessLog } from '../../src/adapters/access-log/nginx-log.ts';
import { eventually } from '../exec/eventually.ts';
import { needs } from './optional-tool.ts';

const format = join(import.meta.dirname, '../../deploy/nginx/rollbackd-log.conf');
const nextPort = createPortDispenser();

/** Nobody listens on the port of discard: an application that is gone. */
const configuration = (port: number, application: number) => `
daemon off; pid nginx.pid; error_log error.log;
events {}
http {
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  include ${format};
  access_log access.log rollbackd;
  server {
    listen 127.0.0.1:${port};
    error_page 500 502 503 504 /50x.html;
    location = /50x.html { return 200 'an apology'; }
    location /maintenance { return 503; }
    location /api/gone/ { proxy_pass http://127.0.0.1:9; }
    location /api/v2/ { rewrite ^/api/v2/(.*)$ /$1 break; proxy_pass http://127.0.0.1:${application}; }
    location / { proxy_pass http://127.0.0.1:${application}; }
  }
}`;

/** A real nginx with the format, before an application that answers 404 to everything; read as rollbackd reads it. */
async function startNginx() {
  const stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-log-format-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const application = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(application, 'listening');
  stack.defer(() => void application.close());
  const [port, upstream] = [await nextPort(), (application.address() as AddressInfo).port];
  mkdirSync(join(folder, 'conf'));
  writeFileSync(join(folder, 'conf/nginx.conf'), configuration(port, upstream));
  const nginx = spawn('nginx', ['-p', folder, '-c', 'conf/nginx.conf', '-e', 'error.log'], { stdio: 'ignore' });
  stack.defer(async () => {
    nginx.kill();
    await once(nginx, 'exit');
  });
  const ask = (path: string, { method = 'GET', ...headers }: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers }).then(
      ({ status }) => status,
      () => undefined,
    );
  await eventually('nginx listens', () => ask('/started'));
  const file = join(folder, 'access.log');
  await eventually('that is logged', () => readFileSync(file, 'utf8').includes('/started'));
  const log = nginxAccessLog({ file, format: 'json', paths: ['/api/', '/maintenance'] });
  await log.readOn(() => {});
  const seen: AccessEntry[] = [];
  const logged = (count: number) =>
    eventually(`${count} requests are logged`, async () => {
      await log.readOn((entry) => seen.push(entry));
      return seen.length >= count && seen;
    });
  return { ask, logged, text: () => readFileSync(file, 'utf8'), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('rollbackd reads what nginx writes in the shipped format, whatever a client sends', async (context) => {
  needs(context, 'nginx', 'nginx', '-v');
  await using nginx = await startNginx();
  const agent = 'odd "agent" \\ {"status":200}';
  await nginx.ask('/api/menu?token=secret', { 'x-tenant-slug': 'negoes', 'user-agent': agent });
  await nginx.ask('/maintenance');
  const [application, maintenance] = await nginx.logged(2);
  expect(application).toMatchObject({ method: 'GET', path: '/api/menu', status: 404, agent, tenant: 'negoes' });
  expect(application).toMatchObject({ upstream: true });
  expect(Math.abs((application?.at ?? 0) - Date.now())).toBeLessThan(20_000);
  expect(maintenance).toMatchObject({ path: '/maintenance', status: 503, upstream: false, tenant: '' });
  expect(nginx.text()).not.toContain('secret');
});

test('a request keeps its method and path behind an error page and a rewrite, so that no failure leaves its route', async (context) => {
  needs(context, 'nginx', 'nginx', '-v');
  await using nginx = await startNginx();
  await nginx.ask('/api/gone/orders?x=1', { method: 'POST' });
  await nginx.ask('/api/v2/orders', { method: 'PUT' });
  expect(await nginx.logged(2)).toMatchObject([
    { method: 'POST', path: '/api/gone/orders', status: 502, upstream: true },
    { method: 'PUT', path: '/api/v2/orders', status: 404, upstream: true },
  ]);
});
