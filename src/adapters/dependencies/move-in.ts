import { mkdir, open, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';

/**
 * Puts the staged node_modules in the place of the checkout's by two renames. What lies where tells how far an interrupted
 * call came: the old folder is put away first, so a place without either copy is filled from the staged one.
 */
export async function moveIn(stagedFolder: string, folder: string, keepIn: string): Promise<void> {
  const [staged, current, kept] = [stagedFolder, folder, keepIn].map((parent) => join(parent, 'node_modules')) as [
    string,
    string,
    string,
  ];
  if (!(await pathExists(staged))) {
    if ((await pathExists(current)) && (await pathExists(kept))) return;
    throw new RollbackdError('dependencies', `${staged} is not there`, { remedy: 'stage the dependencies again' });
  }
  await mkdir(keepIn, { recursive: true, mode: 0o700 });
  await proveRenames([stagedFolder, folder, keepIn]);
  await putAway(current, kept);
  await renameOrExplain(staged, current);
  for (const parent of [keepIn, folder, stagedFolder]) await syncFolder(parent);
}

/**
 * An empty folder stands for "there was none". A second old one, as a repeated checkout of a tracked node_modules
 * makes it, goes beside the first.
 */
async function putAway(current: string, kept: string): Promise<void> {
  if (!(await pathExists(current))) {
    await mkdir(kept, { recursive: true });
    return;
  }
  let place = kept;
  for (let number = 2; await pathExists(place); number += 1) place = `${kept}-${number}`;
  await renameOrExplain(current, place);
  await syncFolder(dirname(kept));
}

/** Before anything moves: an empty folder travels the way that node_modules will. Bind mounts fail here too, unlike with a look at the device. */
export async function proveRenames(folders: readonly string[]): Promise<void> {
  const probes = folders.map((folder) => join(folder, '.rollbackd-rename-test'));
  try {
    await mkdir(probes[0] ?? '', { recursive: true }).catch(notRenamed(probes[0] ?? '', probes[1] ?? ''));
    for (const [index, next] of probes.slice(1).entries()) await renameOrExplain(probes[index] ?? '', next);
  } finally {
    for (const probe of probes) await rmdir(probe).catch(() => {});
  }
}

async function renameOrExplain(from: string, to: string): Promise<void> {
  await rename(from, to).catch(notRenamed(from, to));
}

const notRenamed =
  (from: string, to: string) =>
  (cause: NodeJS.ErrnoException): never => {
    throw new RollbackdError('dependencies', `${from} could not be renamed to ${to}: ${cause.message}`, {
      remedy: remedies[cause.code ?? ''] ?? 'look at both folders by hand, then resume',
      cause,
    });
  };

const remedies: Readonly<Record<string, string>> = {
  EXDEV: 'put code.releases and the checkout on the same file system',
  EBUSY: 'node_modules is a mount point: unmount it, or mount the folder above it instead',
  EACCES: "let rollbackd's user write to both folders",
  EPERM: "let rollbackd's user write to both folders",
};

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
