import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { expect, test } from 'vitest';
import { openHttpDoor } from '../../src/doors/http/server.ts';
import { metricsOf, samples } from './fixture.ts';

const answersWithin = 30_000;

/** The result of a query, or nothing while the server does not answer or knows nothing yet. */
async function query(server: string, expression: string): Promise<readonly { metric: Record<string, string> }[]> {
  const { data } = await axios
    .get(`${server}/api/v1/query`, { params: { query: expression }, timeout: 2_000 })
    .catch(() => ({ data: { data: { result: [] } } }));
  return data.data.result;
}

async function eventually(server: string, expression: string) {
  const deadline = performance.now() + answersWithin;
  for (;;) {
    const result = await query(server, expression);
    if (result.length > 0 || performance.now() > deadline) return result;
    await pause(100);
  }
}

test('a real Prometheus scrapes every series that the daemon shows', async (context) => {
  const installed = spawnSync('prometheus', ['--version']);
  if (installed.error && process.env.REQUIRE_OPTIONAL_TOOLS !== '1') {
    context.skip(
      'prometheus is not installed (Debian package prometheus); REQUIRE_OPTIONAL_TOOLS=1 makes this a failure',
    );
  }
  await using stack = new AsyncDisposableStack();
  const metrics = metricsOf();
  const door = stack.use(
    await openHttpDoor({
      settings: { host: '127.0.0.1', port: 0 },
      metrics: async () => ({ text: await metrics.render(), contentType: metrics.contentType }),
      loopTurns: () => ({ ok: true, detail: '' }),
      ready: () => ({ ok: true, detail: '' }),
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'rollbackd-prometheus-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const target = new URL(door.url).host;
  const config = `scrape_configs:\n- job_name: rollbackd\n  scrape_interval: 1s\n  static_configs:\n  - targets: ['${target}']\n`;
  await writeFile(join(folder, 'prometheus.yml'), config);
  const listen = `127.0.0.1:${20_000 + (process.pid % 10_000)}`;
  const server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${folder}`,
      `--web.listen-address=${listen}`,
    ],
    { stdio: 'ignore' },
  );
  stack.defer(async () => {
    server.kill();
    await once(server, 'exit');
  });
  expect(await eventually(`http://${listen}`, 'up{job="rollbackd"} == 1')).toHaveLength(1);
  const scraped = await eventually(`http://${listen}`, 'count by (__name__) ({job="rollbackd"})');
  const names = new Set(scraped.map(({ metric }) => metric.__name__));
  const shown = Object.keys(await samples(metrics)).map((series) => series.replace(/\{.*/, ''));
  expect(shown.length).toBeGreaterThan(30);
  expect(shown.filter((name) => !names.has(name))).toEqual([]);
}, 60_000);
