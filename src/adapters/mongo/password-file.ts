import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../core/secret.ts';

/** Lends out the password as a file that only this user can read, in a folder that only this user can enter. */
export async function withPasswordFile<T>(
  passwordFolder: string,
  password: Secret,
  use: (path: string) => Promise<T>,
): Promise<T> {
  await mkdir(passwordFolder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(passwordFolder, 'tool-'));
  try {
    const path = join(folder, 'login.yaml');
    // JSON strings are YAML strings: whatever the password holds, it stays one value.
    await writeFile(path, `password: ${JSON.stringify(password.reveal())}\n`, { mode: 0o600, flag: 'wx' });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Passwords that a killed process left behind. They are found at once, so that none of a later program is among them, and
 * removed when the call that is returned is made: after the programs that may still read them have ended.
 */
export async function leftPasswords(passwordFolder: string): Promise<() => Promise<void>> {
  const left = await readdir(passwordFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return async () => {
    for (const name of left) await rm(join(passwordFolder, name), { recursive: true, force: true });
  };
}
