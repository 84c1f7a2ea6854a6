import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { headCommit } from './commits.ts';
import { compareTree } from './compare-tree.ts';
import type { LocalChanges } from './contract.ts';
import type { Git } from './git-command.ts';
import { filesInTheWay } from './in-the-way.ts';

export interface FoundChanges extends LocalChanges {
  readonly head: string;
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
): Promise<FoundChanges> {
  const head = await headCommit(git, signal);
  const { index, differing } = await compareTree(git, head, scratch, signal);
  const staged = await git.list(
    ['diff-index', '--cached', '--ita-visible-in-index', '--no-renames', '--name-only', '-z', 'HEAD'],
    scratch,
    signal,
  );
  const tracked = [...new Set([...differing, ...staged])].sort();
  const inTheWay = await filesInTheWay(repository, {
    legacy: await filesOf(git, legacy, scratch, signal),
    current: new Set(await filesOf(git, head, scratch, signal)),
    tracked,
  });
  return { head, index, staged, tracked, inTheWay };
}

/** Files that HEAD does not know, to be saved by name: those in the way, and new ones that are only staged. */
export async function unknownFiles(repository: string, changes: FoundChanges): Promise<string[]> {
  const onDisk = await Promise.all(changes.staged.map((path) => isFile(join(repository, path))));
  return [...changes.inTheWay, ...changes.staged.filter((_, index) => onDisk[index])];
}

/** Every file of a commit, submodules apart: by comparison with the empty tree, since only `diff-*` can answer into a file. */
async function filesOf(git: Git, commit: string, scratch: string, signal: AbortSignal): Promise<string[]> {
  const { stdout: emptyTree } = await git.run(['hash-object', '-t', 'tree', '/dev/null'], signal);
  return await git.list(
    ['diff-tree', '-r', '--no-renames', '--name-only', '-z', '--ignore-submodules=all', emptyTree.trim(), commit],
    scratch,
    signal,
  );
}

async function isFile(path: string): Promise<boolean> {
  return await lstat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
}
