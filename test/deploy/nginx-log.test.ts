import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createPortDispenser } from '../../sandbox/workspace/free-port.ts';
import { eventually } from '../exec/eventually.ts';
import { needs } from './optional-tool.ts';

const format = join(import.meta.dirname, '../../deploy/nginx/rollbackd-log.conf');
const nextPort = createPortDispenser();

const line = z.strictObject({
  time: z.number(),
  method: z.string(),
  path: z.string(),
  status: z.int(),
  duration: z.number(),
  upstream: z.string(),
  upstreamStatus: z.string(),
  agent: z.string(),
  tenant: z.string(),
});

const configuration = (port: number, application: number) => `
daemon off; pid nginx.pid; error_log error.log;
events {}
http {
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  include ${format};
  access_log access.log rollbackd;
  server {
    listen 127.0.0.1:${port};
    location /maintenance { return 503; }
    location / { proxy_pass http://127.0.0.1:${application}; }
  }
}`;

/** A real nginx with the format, before an application that answers 404 to everything. */
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
  const ask = (path: string, headers: Readonly<Record<string, string>>) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers }).then(
      ({ status }) => status,
      () => undefined,
    );
  await eventually('nginx listens', () => ask('/started', {}));
  const logged = () => readFileSync(join(folder, 'access.log'), 'utf8').split('\n').slice(0, -1);
  return { ask, logged, upstream, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('nginx writes one JSON object a line, whatever a client sends', async (context) => {
  needs(context, 'nginx', 'nginx', '-v');
  await using nginx = await startNginx();
  const agent = 'odd "agent" \\ {"status":200}';
  await nginx.ask('/api/menu?token=secret', { 'x-tenant-slug': 'negoes', 'user-agent': agent });
  await nginx.ask('/maintenance', {});
  const [application, maintenance] = await eventually('both are logged', () => {
    const lines = nginx.logged().map((text) => line.parse(JSON.parse(text)));
    const found = lines.filter(({ path }) => path !== '/started');
    return found.length === 2 && found;
  });
  expect(application).toMatchObject({ method: 'GET', path: '/api/menu', status: 404, agent, tenant: 'negoes' });
  expect(application).toMatchObject({ upstream: `127.0.0.1:${nginx.upstream}`, upstreamStatus: '404' });
  expect(maintenance).toMatchObject({ status: 503, upstream: '', upstreamStatus: '', tenant: '' });
  expect(nginx.logged().join()).not.toContain('secret');
});
