import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { SavedProcess } from './contract.ts';
import type { ProcessConfig } from './schema.ts';

export interface SavedApp {
  readonly name: string;
  readonly status: string;
  readonly workingDirectory: string;
}

const saved = z.array(
  z
    .object({ name: z.string(), status: z.string(), pm_cwd: z.string().default('') })
    .transform(({ name, status, pm_cwd }) => ({ name, status, workingDirectory: pm_cwd })),
);

/** What pm2 would bring back at the next boot. The file also holds every application's environment: only names, states and folders leave here. */
export async function readSaved(home: string): Promise<SavedApp[]> {
  const file = join(home, 'dump.pm2');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw unreadable(file);
  });
  try {
    return saved.parse(JSON.parse(text));
  } catch {
    throw unreadable(file);
  }
}

/** `pm2 resurrect` starts whatever was not saved as stopped, also what was errored or starting at that moment. */
export async function savedOf({ home, names }: ProcessConfig): Promise<SavedProcess[]> {
  const own = (await readSaved(home)).filter(({ name }) => names.includes(name));
  return own.map(({ name, status, workingDirectory }) => ({
    name,
    startsAtBoot: status !== 'stopped',
    workingDirectory,
  }));
}

const unreadable = (file: string) =>
  new RollbackdError(
    'process-manager',
    `${file} is not a list of applications that pm2 saved, or is not ours to read.`,
    {
      remedy: 'make it readable for rollbackd, or write it anew with "pm2 save".',
    },
  );
