import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PathsByKind } from './commit-differences.ts';
import type { Git } from './git-command.ts';
import { inPortions } from './portions.ts';
import { statusOf } from './status-of.ts';

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
 * A file that both commits have and that git has found as it should be cannot be where anything is in the way; a submodule can.
 */
export async function filesInTheWay(
  git: Git,
  { repository, legacy }: { readonly repository: string; readonly legacy: string },
  { toLegacy, changed, unborn }: PathsInQuestion,
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Set([...changed, ...unborn, ...toLegacy.retyped]);
  const removed = new Set(toLegacy.removed);
  const { added, retyped } = toLegacy;
  const suspects = [...new Set([...added, ...retyped, ...changed.filter((path) => !removed.has(path))])];
  const found = new Set<string>();
  for (const folder of foldersOf(suspects)) {
    const kind = await kindOf(join(repository, folder));
    if (kind === 'file') found.add(folder);
  }
  const folders: string[] = [];
  for (const path of suspects) {
    if (ancestorsOf(path).some((folder) => found.has(folder))) continue;
    const kind = await kindOf(join(repository, path));
    if (kind === 'file') found.add(path);
    if (kind === 'folder') folders.push(path);
  }
  const untouched = await submodulesAmong(git, legacy, folders, signal);
  for (const folder of folders.filter((path) => !untouched.has(path))) {
    for (const file of await filesUnder(repository, folder)) found.add(file);
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

/** Stands in a name for bytes that are not UTF-8: such a file cannot be found again by its name. */
export const unreadable = '\uFFFD';

async function filesUnder(repository: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(join(repository, folder))) {
    const path = join(folder, name);
    const kind = await kindOf(join(repository, path));
    if (kind === 'folder') found.push(...(await filesUnder(repository, path)));
    else if (kind === 'file' || name.includes(unreadable)) found.push(path);
  }
  return found;
}

/** Folders that are a submodule in the legacy commit: git writes nothing into them. */
async function submodulesAmong(
  git: Git,
  legacy: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of inPortions(folders)) {
    const { stdout } = await git.run(['ls-tree', '-z', legacy, '--', ...some], signal);
    for (const entry of stdout.split('\0')) {
      const path = /^160000 commit [0-9a-f]+\t(.*)$/s.exec(entry)?.[1];
      if (path !== undefined) found.add(path);
    }
  }
  return found;
}

/** A symbolic link counts as a file: what it points at is not part of the checkout. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const found = await statusOf(path);
  if (found === undefined) return 'nothing';
  return found.isDirectory() ? 'folder' : 'file';
}
