import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rollbackd } from './command-line.ts';

/** A daemon as seen by whoever asks after its health, and a configuration that names it. */
async function daemonThat(answers: Readonly<Record<string, number>>, listen = '127.0.0.1') {
  const stack = new AsyncDisposableStack();
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(answers[url] ?? 404).end(`{"detail":"about ${url}"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, listen, resolve));
  stack.defer(() => void server.close());
  const folder = await mkdtemp(join(tmpdir(), 'rollbackd-health-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const config = join(folder, 'rollbackd.yaml');
  const { port } = server.address() as AddressInfo;
  const password = '$' + '{NOBODY_HAS_SET_IT}';
  await writeFile(
    config,
    `mongo: { password: "${password}" }\ndoors: { http: { host: "${listen}", port: ${port} } }\n`,
  );
  return { config, port, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('is green where the loop turns, whatever else is wrong; with --ready only where it can act', async () => {
  await using daemon = await daemonThat({ '/healthz': 200, '/readyz': 503 });
  const alive = await rollbackd(['health', '--config', daemon.config]);
  expect(alive).toEqual({ code: 0, out: '200 {"detail":"about /healthz"}\n', err: '' });
  const ready = await rollbackd(['health', '--ready', '--config', daemon.config]);
  expect([ready.code, ready.out]).toEqual([1, '']);
  expect(ready.err).toContain('/readyz answers 503 {"detail":"about /readyz"}');
});

test('is red where the loop does not turn', async () => {
  await using daemon = await daemonThat({ '/healthz': 503 });
  expect((await rollbackd(['health', '--config', daemon.config])).code).toBe(1);
});

test('asks on the loopback whoever listens everywhere, and takes the port from the environment', async () => {
  await using daemon = await daemonThat({ '/healthz': 200 }, '0.0.0.0');
  const reference = '$' + '{HTTP_PORT}';
  await writeFile(daemon.config, `doors: { http: { host: 0.0.0.0, port: "${reference}" } }\n`);
  const { code } = await rollbackd(['health', '--config', daemon.config], { HTTP_PORT: String(daemon.port) });
  expect(code).toBe(0);
});

test('asks where the daemon listens when the configuration does not say', async () => {
  await using daemon = await daemonThat({});
  await writeFile(daemon.config, 'doors: {}\n');
  const { err } = await rollbackd(['health', '--config', daemon.config]);
  expect(err).toContain('http://127.0.0.1:9464/healthz');
});

test('says what to do where nothing answers, or the configuration does not help', async () => {
  await using daemon = await daemonThat({});
  await daemon[Symbol.asyncDispose]();
  const gone = await rollbackd(['health', '--config', daemon.config]);
  expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('next: name the configuration with --config')]);
});
