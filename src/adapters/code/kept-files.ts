import { chown, cp, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/**
 * Copies the files to keep before the checkout moves. A copy that is already there is from before an interruption:
 * it is the true one, since the file in the checkout may have been overwritten since.
 */
export async function preserveKept(repository: string, keep: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of keep) {
    const copy = join(folder, file);
    if (await exists(copy)) continue;
    await copyWhole(join(repository, file), copy).catch((cause: unknown) => {
      throw new RollbackdError('code', `${file} must survive the switch but cannot be read`, {
        remedy: 'put the file back, even an empty one, then resume the run',
        cause,
      });
    });
  }
}

/** Puts back those that the checkout changed, with their owner and mode, and forgets the copies. */
export async function restoreKept(repository: string, keep: readonly string[], folder: string): Promise<void> {
  for (const file of keep) {
    const original = join(repository, file);
    if (!(await sameBytes(original, join(folder, file)))) await copyWhole(join(folder, file), original);
  }
  await rm(folder, { recursive: true, force: true });
}

/** Those of the files whose copies have not been put back and forgotten yet. */
export async function waitingCopies(keep: readonly string[], folder: string): Promise<string[]> {
  const waiting: string[] = [];
  for (const file of keep) if (await exists(join(folder, file))) waiting.push(file);
  return waiting;
}

export async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Under a name of its own first: half a copy never passes for a whole one. */
async function copyWhole(from: string, to: string): Promise<void> {
  const { uid, gid } = await lstat(from);
  const unfinished = `${to}.rollbackd`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, unfinished, { force: true, preserveTimestamps: true });
  if (process.geteuid?.() === 0) await chown(unfinished, uid, gid);
  await rename(unfinished, to);
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((file) => readFile(file).catch(() => undefined)));
  return left !== undefined && right !== undefined && left.equals(right);
}
