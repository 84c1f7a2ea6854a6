import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PathsByKind } from './commit-differences.ts';

export interface PathsInQuestion {
  /** From the current commit to the legacy one. */
  readonly toLegacy: PathsByKind;
  /** Files of the current commit that differ on the disk. */
  readonly changed: readonly string[];
  /** Files that only an index knows. */
  readonly unborn: readonly string[];
}

/**
 * Untracked files, ignored ones too, that a forced checkout of the legacy commit would overwrite or remove:
 * a file in a legacy file's place, a file or link where a legacy folder must be, or whatever lies in a folder where a legacy file must be.
 * A file that both commits have and that git has found as it should be cannot be where anything is in the way.
 */
export async function filesInTheWay(
  repository: string,
  { toLegacy, changed, unborn }: PathsInQuestion,
): Promise<string[]> {
  const known = new Set([...changed, ...unborn]);
  const removed = new Set(toLegacy.removed);
  const suspects = [...new Set([...toLegacy.added, ...changed.filter((path) => !removed.has(path))])];
  const found = new Set<string>();
  for (const folder of foldersOf(suspects)) {
    const kind = await kindOf(join(repository, folder));
    if (kind === 'file') found.add(folder);
  }
  for (const path of suspects) {
    if (ancestorsOf(path).some((folder) => found.has(folder))) continue;
    for (const file of await filesAt(repository, path)) found.add(file);
  }
  return [...found].filter((path) => !removed.has(path) && !known.has(path)).sort();
}

export function foldersOf(paths: readonly string[]): Set<string> {
  return new Set(
    [...new Set(paths.map((path) => dirname(path)))].flatMap((folder) => [folder, ...ancestorsOf(folder)]),
  );
}

export function ancestorsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' || parent === '/' ? [] : [parent, ...ancestorsOf(parent)];
}

async function filesAt(repository: string, path: string): Promise<string[]> {
  const kind = await kindOf(join(repository, path));
  if (kind !== 'folder') return kind === 'file' ? [path] : [];
  const entries = await readdir(join(repository, path));
  return (await Promise.all(entries.map((name) => filesAt(repository, join(path, name))))).flat();
}

/** A symbolic link counts as a file: what it points at is not part of the checkout. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}
