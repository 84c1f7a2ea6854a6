import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { environment, exampleFile } from '../config/example.ts';

/** A file with these lines, for as long as the test lasts. */
export function written(lines: readonly string[] | string, name = 'input'): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-input-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return file;
}

export function exampleConfig(): Config {
  const loaded = loadConfig(exampleFile, environment);
  if (loaded.status !== 'valid') throw new Error('the example is not valid');
  return loaded.config;
}

export const start = Date.parse('2026-11-20T00:00:00Z');
const minute = 60_000;

export interface Hit {
  readonly at: number;
  readonly failed: boolean;
  readonly tenant: string;
}

/** A request every two seconds for 40 minutes, of which every other one fails from the tenth to the twentieth. */
export const burst: readonly Hit[] = Array.from({ length: 1_200 }, (_, number) => {
  const since = number * 2_000;
  const failed = since >= 10 * minute && since < 20 * minute && number % 2 === 0;
  return { at: start + since, failed, tenant: number % 4 < 2 ? 'negoes' : 'warung' };
});

export const jsonLine = ({ at, failed, tenant }: Hit): string =>
  JSON.stringify({
    time: at / 1_000,
    method: 'GET',
    path: '/api/menu?page=2',
    status: failed ? 500 : 200,
    duration: 0.03,
    upstream: '127.0.0.1:3000',
    agent: 'Mozilla/5.0',
    tenant,
  });

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function combinedLine({ at, failed }: Hit): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  const [year, month, date] = day.split('-');
  const local = `${date}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
  return `203.0.113.9 - - [${local}] "GET /api/menu HTTP/1.1" ${failed ? 500 : 200} 120 "-" "Mozilla/5.0" 0.030`;
}
