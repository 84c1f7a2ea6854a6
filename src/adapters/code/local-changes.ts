import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { headCommit } from './commits.ts';
import { compareTree } from './compare-tree.ts';
import type { Git } from './git-command.ts';
import { filesInTheWay } from './in-the-way.ts';
import type { KnownPaths } from './kept-paths.ts';
import { treeOf } from './tree.ts';

export interface LocalChanges {
  /** Tracked files that differ from HEAD, relative to the repository. */
  readonly tracked: readonly string[];
  /** Untracked files that the legacy commit would overwrite. */
  readonly inTheWay: readonly string[];
  readonly head: string;
  /** Every file of the legacy commit, and of HEAD. */
  readonly files: { readonly legacy: readonly string[]; readonly current: readonly string[] };
  /** Files that are in the checkout's index otherwise than in HEAD. */
  readonly staged: readonly string[];
  /** An index of HEAD that knows the files on the disk, in `scratch`. */
  readonly index: string;
}

/** What a forced checkout of `legacy` would take away from the person who wrote it. */
export async function findLocalChanges(
  git: Git,
  repository: string,
  legacy: string,
  scratch: string,
  signal: AbortSignal,
): Promise<LocalChanges> {
  const head = await headCommit(git, signal);
  const { index, differing } = await compareTree(git, head, scratch, signal);
  const staged = await git.list(
    ['diff-index', '--cached', '--ita-visible-in-index', '--no-renames', '--name-only', '-z', 'HEAD'],
    scratch,
    signal,
  );
  const tracked = [...new Set([...differing, ...staged])].sort();
  const files = {
    legacy: (await treeOf(git, legacy, scratch, signal)).files,
    current: (await treeOf(git, head, scratch, signal)).files,
  };
  const inTheWay = await filesInTheWay(repository, {
    legacy: files.legacy,
    current: new Set(files.current),
    tracked,
  });
  return { head, index, staged, tracked, inTheWay, files };
}

/** Files that HEAD does not know, to be saved by name: those in the way, and new ones that are only staged. */
export async function unknownFiles(repository: string, changes: LocalChanges): Promise<string[]> {
  const onDisk = await Promise.all(changes.staged.map((path) => isFile(join(repository, path))));
  return [...changes.inTheWay, ...changes.staged.filter((_, index) => onDisk[index])];
}

/** What a forced checkout of the legacy commit could write or remove. */
export const knownPaths = ({ files, tracked, inTheWay }: LocalChanges): KnownPaths => ({
  legacy: files.legacy,
  present: [...files.current, ...tracked, ...inTheWay],
});

async function isFile(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
}
