import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import type { AccessLogConfig } from '../../src/adapters/traffic/schema.ts';
import { baselineSchema } from '../../src/baseline/schema.ts';
import { openRequests } from '../../src/engine/open-requests.ts';

const cutoverAt = Date.parse('2026-11-20T22:00:00Z');
const line = JSON.stringify({
  time: cutoverAt / 1_000 - 60,
  method: 'GET',
  path: '/api/menu',
  status: 200,
  duration: 0.04,
  upstream: 'a:1',
});

async function opened(latency: object, { log }: { readonly log?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-requests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'access.log');
  if (log !== undefined) writeFileSync(file, log);
  const accessLog: AccessLogConfig = { file, format: 'json', paths: ['/'] };
  const open = (traffic: { readonly accessLog?: AccessLogConfig }) =>
    openRequests(
      { traffic, baseline: baselineSchema.parse({ latency }), migration: { cutoverAt }, state: { folder } },
      pino({ level: 'silent' }),
    );
  return { file, ...(await open(log === undefined ? {} : { accessLog })), again: () => open({ accessLog }) };
}

it('says nothing of a baseline that is known, and finds it again after the log is gone', async () => {
  const { file, wanting, latencyBaseline, again } = await opened({}, { log: `${line}\n`.repeat(50) });
  expect(wanting).toBeUndefined();
  writeFileSync(file, '');
  const later = await again();
  expect(later.latencyBaseline).toEqual(latencyBaseline);
  expect(later.wanting).toBeUndefined();
});

it('says that nothing is known where a source is configured, and that one cannot be read', async () => {
  expect((await opened({}, { log: '' })).wanting).toMatch(/^Nothing is known of how fast the legacy system was/);
  const { wanting } = await opened({ given: { 'GET /api/menu': '40ms' }, file: '/no/such/file.json' });
  expect(wanting).toMatch(/^\/no\/such\/file\.json is no latency baseline/);
  expect(wanting).not.toContain('Nothing is known');
});

it('misses nothing where no source is configured', async () => {
  expect((await opened({})).wanting).toBeUndefined();
});
