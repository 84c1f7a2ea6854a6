import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../tools/run-program.ts';
import type { Seed } from './seed.ts';

export interface BackUpOptions {
  readonly mongodump: string;
  readonly adminUri: string;
  readonly folder: string;
  readonly seed: Seed;
}

const WITHIN_MS = 120_000;

/**
 * The dump before the migration. Tidy: the databases' folders side by side, and only theirs.
 * Rough: the whole server under `all-databases/`, with `admin` and whatever else was there.
 */
export async function backUp({ mongodump, adminUri, folder, seed }: BackUpOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  const secrets = `${folder}.connection.yml`;
  await writeFile(secrets, `uri: ${JSON.stringify(adminUri)}\n`, { mode: 0o600 });
  const dump = (...args: readonly string[]) =>
    runProgram(mongodump, ['--quiet', '--config', secrets, ...args], { timeoutMs: WITHIN_MS });
  if (seed.parameters.temperament === 'rough') await dump('--out', join(folder, 'all-databases'));
  else for (const { name } of seed.databases) await dump('--db', name, '--out', folder);
  await writeFile(join(folder, 'backup-info.txt'), `Backup taken ${new Date().toISOString()} before the migration\n`);
}
