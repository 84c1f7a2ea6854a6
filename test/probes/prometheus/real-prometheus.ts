import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { closedPort } from '../server.ts';

export interface RealPrometheus extends AsyncDisposable {
  readonly url: string;
}

/** A Prometheus that asks exporters five times a second, with one alert: `CafeFails`, while `cafe_fails` is 1. */
export async function startPrometheus(exporters: readonly string[]): Promise<RealPrometheus> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'rollbackd-prometheus-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const often = { scrape_interval: '200ms', scrape_timeout: '200ms', evaluation_interval: '200ms' };
  const jobs = [{ job_name: 'cafe', static_configs: [{ targets: exporters.map((url) => new URL(url).host) }] }];
  const rules = { groups: [{ name: 'cafe', rules: [{ alert: 'CafeFails', expr: 'cafe_fails == 1' }] }] };
  await writeFile(join(folder, 'rules.yml'), stringify(rules));
  await writeFile(
    join(folder, 'prometheus.yml'),
    stringify({ global: often, scrape_configs: jobs, rule_files: ['rules.yml'] }),
  );
  const listen = `127.0.0.1:${await closedPort()}`;
  const server = spawn(
    'prometheus',
    [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}`, `--web.listen-address=${listen}`],
    { stdio: 'ignore' },
  );
  stack.defer(async () => {
    server.kill();
    await once(server, 'exit');
  });
  await once(server, 'spawn');
  const owned = stack.move();
  return { url: `http://${listen}`, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
