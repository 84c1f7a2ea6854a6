import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationWithoutSecrets } from '../src/cli/configured-shape.ts';
import type { Observation } from '../src/model/observation.ts';
import { type ReplayOrder, replay } from '../src/replay/replay.ts';

// How fast the past is looked back at, on one core: a week of what a daemon saw, and a day of a balancer's log.
const start = Date.parse('2026-11-20T00:00:00Z');
const day = 86_400_000;
const minute = 60_000;
const tenants = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
const routes = ['menu', 'orders', 'settings'];

const config = configurationWithoutSecrets(join(import.meta.dirname, '../config/rollbackd.example.yaml'), process.env);

const isTrouble = (at: number): boolean => at >= start + day / 2 && at < start + day / 2 + 20 * minute;

/** As twelve tenants are looked at for a week, with one outage of 20 minutes. */
function* observations(): Generator<Observation> {
  const head = { tookMs: 4, status: 'observed' } as const;
  for (let at = start; at < start + 7 * day; at += 5_000) {
    const up = !isTrouble(at);
    yield { ...head, probe: 'control', at, values: { loopDelayMs: 1 } };
    yield { ...head, probe: 'requests', at, values: { slots: up ? [slotAt(at)] : [] } };
    if (at % 10_000 === 0) yield { ...head, probe: 'health', at, values: healthOf(up) };
    if (at % 15_000 === 0) yield { ...head, probe: 'mongo', at, values: mongo };
    if (at % 30_000 !== 0 || !up) continue;
    for (const tenant of tenants)
      for (const route of routes)
        yield { ...head, probe: 'isolation', at, values: { ...asked, tenant, route, foreign: [] } };
  }
}

const asked = { ask: 'own-list', trusted: true, checked: 9, documents: 9 } as const;
const mongo = { unified: 'reachable', legacy: 'reachable', legacyWritable: true } as const;
const answerOf = (up: boolean) =>
  up
    ? ({ outcome: 'up', why: 'ok', status: 200, tookMs: 4 } as const)
    : ({ outcome: 'down', why: 'refused', tookMs: 1 } as const);
const healthOf = (up: boolean) => ({
  application: answerOf(up),
  balancer: answerOf(up),
  vantage: { processes: { online: up ? 2 : 0, expected: 2 }, listening: up },
});
const slotAt = (at: number) => ({
  at: Math.floor(at / minute) * minute,
  requests: 60,
  errors: 0,
  routes: routes.map((route) => ({
    route: `GET /api/${route}`,
    requests: 20,
    errors: 0,
    latencies: [[60, 15] as [number, number], [70, 5] as [number, number]],
  })),
  tenants: tenants.map((tenant) => ({ tenant, requests: 5, errors: 0 })),
});

/** Ten requests a second, of which some fail, most of them in the trouble. */
function* logLines(): Generator<unknown> {
  for (let number = 0; number < (day / 1_000) * 10; number += 1) {
    const at = start + number * 100;
    const failed = number % (isTrouble(at) ? 3 : 400) === 0;
    const path = `/api/${routes[number % routes.length]}/${number % 1_000}`;
    const said = { method: 'GET', path, status: failed ? 500 : 200, duration: 0.02 + (number % 17) / 1_000 };
    yield { time: at / 1_000, ...said, upstream: '127.0.0.1:3000', agent: 'Mozilla/5.0', tenant: tenants[number % 12] };
  }
}

function write(file: string, lines: Iterable<unknown>): number {
  const descriptor = openSync(file, 'w');
  let count = 0;
  let some: string[] = [];
  for (const line of lines) {
    count += some.push(JSON.stringify(line)) > 0 ? 1 : 0;
    if (some.length < 10_000) continue;
    writeSync(descriptor, `${some.join('\n')}\n`);
    some = [];
  }
  writeSync(descriptor, `${some.join('\n')}\n`);
  closeSync(descriptor);
  return count;
}

async function measure(what: string, count: number, order: Omit<ReplayOrder, 'mode'>): Promise<void> {
  const before = process.cpuUsage();
  const { past, unusable } = await replay({ ...order, mode: 'armed' }, config);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const rate = Math.round(count / seconds).toLocaleString('en');
  process.stdout.write(`${what}: ${count} in ${seconds.toFixed(2)} s of CPU, ${rate} a second; `);
  process.stdout.write(`${past.acts.length} acts, ${unusable.count} unusable lines\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'rollbackd-bench-'));
try {
  const seen = join(folder, 'observations.jsonl');
  const log = join(folder, 'access.log');
  const header = { rollbackd: 'observations', version: 1 };
  const observed = write(
    seen,
    (function* () {
      yield header;
      yield* observations();
    })(),
  );
  await measure('observations', observed - 1, { file: seen });
  await measure('log lines', write(log, logLines()), { file: log });
} finally {
  rmSync(folder, { recursive: true });
}
