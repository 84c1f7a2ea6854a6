import { join } from 'node:path';
import { type PathsByKind, pathsByKind } from './commit-differences.ts';
import { headCommit } from './commits.ts';
import { compareTree } from './compare-tree.ts';
import type { Git } from './git-command.ts';
import { filesInTheWay } from './in-the-way.ts';
import type { KnownPaths } from './kept-paths.ts';
import { notHeld } from './save-bytes.ts';
import type { SeenFiles } from './seen-files.ts';
import { indexAsSeen, startAsSeen } from './start-index.ts';
import { statusOf } from './status-of.ts';
import { treeOf } from './tree.ts';

export interface LocalChanges {
  /** Tracked files that differ from HEAD, relative to the repository; with those of an earlier look, even if they differ no more. */
  readonly tracked: readonly string[];
  /** Untracked files that the legacy commit would overwrite. */
  readonly inTheWay: readonly string[];
  readonly head: string;
  /** Files that are in the checkout's index otherwise than in HEAD. */
  readonly staged: readonly string[];
  /** How they are there, for a comparison. */
  readonly stagedAs: string;
  /** From HEAD to the legacy commit. */
  readonly toLegacy: PathsByKind;
  /** An index that knows the files on the disk, in `scratch`: of HEAD, or of what was seen. */
  readonly index: string;
  /** Nothing of it is otherwise than it was seen. */
  readonly asSeen: boolean;
  /** The tree that was seen, and files of it that were rewritten since without a difference to git. */
  readonly since: { readonly tree: string; readonly rewritten: readonly string[] } | undefined;
}

/** What a forced checkout of `legacy` would take away from the person who wrote it. */
export async function findLocalChanges(
  git: Git,
  repository: string,
  legacy: string,
  scratch: string,
  signal: AbortSignal,
  seen?: SeenFiles,
): Promise<LocalChanges> {
  const head = await headCommit(git, signal);
  const before = seen?.head === head ? seen : undefined;
  const touched: string[] = [];
  const start =
    before &&
    (async (at: string) => {
      touched.push(...(await indexAsSeen(git, before, at, scratch, signal)));
      return await startAsSeen(git, before, { index: at, touched }, signal);
    });
  const [{ index, differing }, staged] = await Promise.all([
    compareTree(git, before?.tree ?? head, scratch, signal, { folder: repository, start }),
    pathsByKind(git, ['diff-index', '--cached', '--ita-visible-in-index', 'HEAD'], scratch, signal),
  ]);
  const unborn = [...new Set([...staged.added, ...(before?.unborn ?? [])])];
  const isUnborn = new Set(unborn);
  const changed = [...differing, ...staged.altered, ...staged.removed, ...(before?.changed ?? [])].filter(
    (path) => !isUnborn.has(path),
  );
  const { digest: _, ...toLegacy } =
    before?.legacy === legacy
      ? { ...before.toLegacy, digest: '' }
      : await pathsByKind(git, ['diff-tree', '-r', head, legacy], scratch, signal);
  const inTheWay = await filesInTheWay(git, { repository, legacy }, { toLegacy, changed, unborn }, signal);
  const rewritten = before
    ? await notHeld(git, { repository, index, head, scratch }, touched.filter(savedIn(before)), signal)
    : [];
  return {
    head,
    index,
    staged: [...staged.added, ...staged.altered, ...staged.removed],
    stagedAs: staged.digest,
    toLegacy,
    tracked: [...new Set([...changed, ...unborn])].sort(),
    inTheWay,
    since: before && { tree: before.tree, rewritten },
    asSeen: before?.staged === staged.digest && [...differing, ...rewritten, ...inTheWay].length === 0,
  };
}

/** What is saved byte for byte can be rewritten without a difference to git: with other line endings alone. */
function savedIn({ changed, unborn }: SeenFiles): (path: string) => boolean {
  const saved = new Set([...changed, ...unborn]);
  return (path) => saved.has(path);
}

/** Files that HEAD does not know, to be saved by name: those in the way, and new ones that are only staged. */
export async function unknownFiles(repository: string, changes: LocalChanges): Promise<string[]> {
  const onDisk = await Promise.all(changes.staged.map((path) => isFile(join(repository, path))));
  return [...changes.inTheWay, ...changes.staged.filter((_, index) => onDisk[index])];
}

/** What a forced checkout of the legacy commit could write or remove. */
export async function knownPaths(
  git: Git,
  legacy: string,
  { head, tracked, inTheWay }: LocalChanges,
  scratch: string,
  signal: AbortSignal,
): Promise<KnownPaths> {
  const current = await treeOf(git, head, scratch, signal);
  return {
    legacy: (await treeOf(git, legacy, scratch, signal)).files,
    present: [...current.files, ...tracked, ...inTheWay],
  };
}

async function isFile(path: string): Promise<boolean> {
  const found = await statusOf(path).catch(() => undefined);
  return found !== undefined && !found.isDirectory();
}
