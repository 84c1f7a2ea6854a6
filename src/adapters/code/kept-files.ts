import type { Stats } from 'node:fs';
import { chmod, cp, lchown, lstat, mkdir, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';

/**
 * Copies the files to keep before the checkout moves. A copy that is already there is from before an interruption:
 * it is the true one, since the file in the checkout may have been overwritten since.
 */
export async function preserveKept(repository: string, files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of files) {
    if (await pathExists(join(folder, file))) continue;
    await copyWhole(repository, folder, file).catch((cause: unknown) => {
      throw new RollbackdError('code', `${file} must survive the switch but cannot be read`, {
        remedy: 'put the file back, even an empty one, then resume the run',
        cause,
      });
    });
  }
}

/** Puts back those that the checkout changed, with their owner and mode, and forgets the copies. */
export async function restoreKept(repository: string, folder: string): Promise<void> {
  for (const file of await waitingCopies(folder)) {
    if (!(await isSame(join(repository, file), join(folder, file)))) await copyWhole(folder, repository, file);
  }
  await rm(folder, { recursive: true, force: true });
}

/** Files whose copies have not been put back and forgotten yet. */
export async function waitingCopies(folder: string): Promise<string[]> {
  if (!(await pathExists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.endsWith(unfinishedEnding))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

const unfinishedEnding = '.rollbackd';

/** Under a name of its own first: half a copy never passes for a whole one. */
async function copyWhole(fromRoot: string, toRoot: string, file: string): Promise<void> {
  const [from, to] = [join(fromRoot, file), join(toRoot, file)];
  const unfinished = `${to}${unfinishedEnding}`;
  await makeFolder(fromRoot, toRoot, dirname(file));
  await rm(unfinished, { recursive: true, force: true });
  await cp(from, unfinished, { preserveTimestamps: true, verbatimSymlinks: true });
  await takeOwner(await lstat(from), unfinished);
  await rename(unfinished, to);
}

/** The folder with those above it, as they are where the copy comes from. */
async function makeFolder(fromRoot: string, toRoot: string, folder: string): Promise<void> {
  if (folder === '.' || (await pathExists(join(toRoot, folder)))) return;
  await makeFolder(fromRoot, toRoot, dirname(folder));
  const model = await lstat(join(fromRoot, folder));
  await mkdir(join(toRoot, folder));
  await chmod(join(toRoot, folder), model.mode & 0o7777);
  await takeOwner(model, join(toRoot, folder));
}

async function takeOwner({ uid, gid }: Stats, path: string): Promise<void> {
  if (process.geteuid?.() === 0) await lchown(path, uid, gid);
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((path) => contentOf(path).catch(() => undefined)));
  return left !== undefined && right !== undefined && left.isLink === right.isLink && left.bytes.equals(right.bytes);
}

async function contentOf(path: string): Promise<{ isLink: boolean; bytes: Buffer }> {
  const isLink = (await lstat(path)).isSymbolicLink();
  return { isLink, bytes: isLink ? Buffer.from(await readlink(path)) : await readFile(path) };
}
