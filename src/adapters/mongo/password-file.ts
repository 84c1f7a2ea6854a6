import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../core/secret.ts';

/** Lends out the password as a file that only this user can read, in a folder that only this user can enter. */
export async function withPasswordFile<T>(
  temporaryFolder: string,
  password: Secret,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(temporaryFolder, 'rollbackd-tool-'));
  try {
    const path = join(folder, 'login.yaml');
    // JSON strings are YAML strings: whatever the password holds, it stays one value.
    await writeFile(path, `password: ${JSON.stringify(password.reveal())}\n`, { mode: 0o600, flag: 'wx' });
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
