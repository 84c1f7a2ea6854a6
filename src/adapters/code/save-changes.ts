import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import type { Checkout } from './checkout.ts';
import { pathsByKind } from './commit-differences.ts';
import { anObjectId, idOf } from './commits.ts';
import type { SavedChanges } from './contract.ts';
import type { Git } from './git-command.ts';
import { filesInTheWay } from './in-the-way.ts';
import { findLocalChanges, type LocalChanges, unknownFiles } from './local-changes.ts';
import { inPortions } from './portions.ts';
import { notHeld, saveBytes } from './save-bytes.ts';
import { withScratch } from './scratch.ts';
import { circumstances, noteSeen, readSeen, type SeenFiles } from './seen-files.ts';
import { makeExpected } from './start-index.ts';
import { unsavableFiles } from './unsavable.ts';

export const savedRef = (run: string): string => `refs/rollbackd/${run}`;

export interface Saved {
  readonly changes: LocalChanges;
  /** The files as they are saved. */
  readonly seen: SeenFiles;
}

/**
 * Commits whatever a forced checkout would take away to `refs/rollbackd/<run>`, through an index of our own: neither the
 * work tree nor the checkout's index is touched. Called again after more changes it commits on top, so the first copy stays,
 * and reads only what was touched since.
 */
export async function saveChanges(git: Git, checkout: Checkout, run: string, signal: AbortSignal): Promise<Saved> {
  const { repository, legacy } = checkout;
  return await withScratch(async (scratch) => {
    const [previous, under] = await Promise.all([
      idOf(git, savedRef(run), signal),
      circumstances(git, checkout, signal),
    ]);
    const before = await readSeen(checkout, run, under);
    const changes = await findLocalChanges(git, repository, legacy, scratch, signal, before);
    if (before?.savedAs === previous && before !== undefined && changes.asSeen) return { changes, seen: before };
    refuseUnsaved(await unsavableFiles(repository, changes));
    const savedAs = isEmpty(changes)
      ? previous
      : await commitChanges(git, { checkout, run, changes, previous, scratch }, signal);
    const found = await pathsByKind(git, ['diff-index', '--cached', changes.head], scratch, signal, {
      index: changes.index,
    });
    const changed = [...found.altered, ...found.removed];
    refuseUnsaved(await leftInTheWay(git, checkout, { changes, changed, scratch }, signal));
    const seen = {
      index: changes.index,
      tree: await writeTree(git, changes.index, signal),
      head: changes.head,
      changed,
      unborn: found.added,
      staged: changes.stagedAs,
      savedAs,
      legacy,
      toLegacy: changes.toLegacy,
      under,
    };
    const expected = join(scratch, 'index-expected');
    await makeExpected(git, seen, expected, signal);
    return { changes, seen: await noteSeen(checkout, run, { ...seen, expected }) };
  });
}

/** git passes over what it cannot hold and ends well all the same: what lies in the way now is looked for in what is saved. */
async function leftInTheWay(
  git: Git,
  { repository, legacy }: Checkout,
  { changes, changed, scratch }: { changes: LocalChanges; changed: readonly string[]; scratch: string },
  signal: AbortSignal,
): Promise<string[]> {
  const { index, head, toLegacy } = changes;
  const inTheWay = await filesInTheWay(git, { repository, legacy }, { toLegacy, changed, unborn: [] }, signal);
  const unsaved = await notHeld(git, { repository, index, head, scratch }, inTheWay, signal);
  return unsaved.map((path) => `${path} is in the way of the legacy commit, and git could not save it as it is`);
}

function refuseUnsaved(unsaved: readonly string[]): void {
  if (unsaved.length === 0) return;
  throw new RollbackdError('code', someOf(unsaved), {
    remedy: 'move away what is in the way, then resume',
  });
}

function someOf(all: readonly string[]): string {
  const more = all.length - 10;
  return `${all.slice(0, 10).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** What `saveChanges` has saved, as the repository has it now. */
export async function savedChanges(
  git: Git,
  checkout: Checkout,
  run: string,
  signal: AbortSignal,
): Promise<SavedChanges | undefined> {
  const seen = await readSeen(checkout, run, await circumstances(git, checkout, signal));
  if (seen === undefined) return undefined;
  const ref = savedRef(run);
  if ((await idOf(git, ref, signal)) !== seen.savedAs) return undefined;
  const files = seen.changed.length + seen.unborn.length;
  if (files > 0 && (await idOf(git, `${ref}^{tree}`, signal)) !== seen.tree) return undefined;
  return { ref: seen.savedAs && ref, files };
}

const isEmpty = (changes: LocalChanges): boolean => changes.tracked.length === 0 && changes.inTheWay.length === 0;

interface ToCommit {
  readonly checkout: Checkout;
  readonly run: string;
  readonly changes: LocalChanges;
  readonly previous: string | undefined;
  readonly scratch: string;
}

/** Unless the last commit of this run holds the same. */
async function commitChanges(
  git: Git,
  { checkout, run, changes, previous, scratch }: ToCommit,
  signal: AbortSignal,
): Promise<string> {
  const { head } = changes;
  const tree = await treeOfFiles(git, checkout.repository, changes, scratch, signal);
  const indexTree = changes.staged.length > 0 ? await treeOfIndex(git, checkout.gitFolder, scratch, signal) : undefined;
  if (previous !== undefined && (await holds(git, previous, [tree, indexTree], signal))) return previous;
  const parents = [head, ...(await indexCommit(git, head, indexTree, signal)), previous];
  const commit = await commitTree(git, tree, parents, `Local changes before the rollback ${run}`, signal);
  await git.run(['update-ref', savedRef(run), commit, previous ?? '0'.repeat(commit.length)], signal);
  return commit;
}

async function treeOfFiles(
  git: Git,
  repository: string,
  changes: LocalChanges,
  scratch: string,
  signal: AbortSignal,
): Promise<string> {
  const { index, head, since } = changes;
  await git.run(['add', '--update', '--', '.'], signal, { index });
  for (const paths of inPortions(await unknownFiles(repository, changes))) {
    await git.run(['update-index', '--add', '--replace', '--', ...paths], signal, { index });
  }
  await saveBytes(git, { repository, index, head, scratch }, since, signal);
  return await writeTree(git, index, signal);
}

const writeTree = async (git: Git, index: string, signal: AbortSignal): Promise<string> =>
  anObjectId((await git.run(['write-tree'], signal, { index })).stdout, 'write-tree');

/** What was staged but is no longer on the disk like that; an index in the middle of a merge has no tree and holds nothing new. */
async function treeOfIndex(
  git: Git,
  gitFolder: string,
  scratch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const index = join(scratch, 'index-of-checkout');
  await copyFile(join(gitFolder, 'index'), index);
  const { exitCode, stdout } = await git.run(['write-tree'], signal, { index, accept: [128] });
  return exitCode === 0 ? anObjectId(stdout, 'write-tree') : undefined;
}

async function indexCommit(git: Git, head: string, tree: string | undefined, signal: AbortSignal): Promise<string[]> {
  return tree === undefined ? [] : [await commitTree(git, tree, [head], 'What was staged', signal)];
}

async function commitTree(
  git: Git,
  tree: string,
  parents: readonly (string | undefined)[],
  message: string,
  signal: AbortSignal,
): Promise<string> {
  const parentOptions = parents.flatMap((parent) => (parent === undefined ? [] : ['-p', parent]));
  const { stdout } = await git.run(['commit-tree', tree, ...parentOptions, '-m', message], signal);
  return anObjectId(stdout, 'commit-tree');
}

/** Whether the saved commit already has this tree, and in its second parent the staged one. */
async function holds(
  git: Git,
  commit: string,
  [tree, indexTree]: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<boolean> {
  if ((await idOf(git, `${commit}^{tree}`, signal)) !== tree) return false;
  return indexTree === undefined || (await idOf(git, `${commit}^2^{tree}`, signal)) === indexTree;
}
