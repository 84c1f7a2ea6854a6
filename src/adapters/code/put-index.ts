import { chmod, chown, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { copyIndex } from './seen-files.ts';

/** Puts a copy of `from` in the place of the checkout's index, as git itself does it: behind its lock, and whole or not at all. */
export async function putIndex(from: string, gitFolder: string): Promise<void> {
  const index = join(gitFolder, 'index');
  const lock = `${index}.lock`;
  await takeLock(lock);
  try {
    const { uid, gid, mode } = await stat(index);
    await copyIndex(from, lock);
    await chmod(lock, mode & 0o777);
    if (process.geteuid?.() === 0) await chown(lock, uid, gid);
    await rename(lock, index);
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

async function takeLock(lock: string): Promise<void> {
  const file = await open(lock, 'wx').catch((cause: NodeJS.ErrnoException) => {
    throw new RollbackdError('code', `${lock} could not be made: ${cause.message}`, {
      remedy:
        cause.code === 'EEXIST' ? 'another git works there: let it finish, then resume' : 'let rollbackd write there',
      cause,
    });
  });
  await file.close();
}
