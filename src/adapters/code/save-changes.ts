import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anObjectId, idOf } from './commits.ts';
import type { Git } from './git-command.ts';
import { findLocalChanges, type LocalChanges, unknownFiles } from './local-changes.ts';
import { inPortions } from './portions.ts';
import { withScratch } from './scratch.ts';

export const savedRef = (run: string): string => `refs/rollbackd/${run}`;

/**
 * Commits whatever a forced checkout would take away to `refs/rollbackd/<run>`, through an index of our own: neither the
 * work tree nor the checkout's index is touched. Called again after more changes it commits on top, so the first copy stays.
 */
export async function saveChanges(
  git: Git,
  checkout: { readonly repository: string; readonly gitFolder: string; readonly legacy: string },
  run: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ref = savedRef(run);
  return await withScratch(async (scratch) => {
    const previous = await idOf(git, ref, signal);
    const changes = await findLocalChanges(git, checkout.repository, checkout.legacy, scratch, signal);
    if (isEmpty(changes)) return previous === undefined ? undefined : ref;
    const tree = await treeOfFiles(git, checkout.repository, changes, signal);
    const indexTree =
      changes.staged.length > 0 ? await treeOfIndex(git, checkout.gitFolder, scratch, signal) : undefined;
    if (previous !== undefined && (await holds(git, ref, [tree, indexTree], signal))) return ref;
    const parents = [changes.head, ...(await indexCommit(git, changes.head, indexTree, signal)), previous];
    const commit = await commitTree(git, tree, parents, `Local changes before the rollback ${run}`, signal);
    await git.run(['update-ref', ref, commit, previous ?? '0'.repeat(commit.length)], signal);
    return ref;
  });
}

const isEmpty = (changes: LocalChanges): boolean => changes.tracked.length === 0 && changes.inTheWay.length === 0;

async function treeOfFiles(git: Git, repository: string, changes: LocalChanges, signal: AbortSignal): Promise<string> {
  const { index } = changes;
  await git.run(['add', '--update', '--', '.'], signal, { index });
  for (const paths of inPortions(await unknownFiles(repository, changes))) {
    await git.run(['update-index', '--add', '--replace', '--', ...paths], signal, { index });
  }
  return anObjectId((await git.run(['write-tree'], signal, { index })).stdout, 'write-tree');
}

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
  ref: string,
  [tree, indexTree]: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<boolean> {
  if ((await idOf(git, `${ref}^{tree}`, signal)) !== tree) return false;
  return indexTree === undefined || (await idOf(git, `${ref}^2^{tree}`, signal)) === indexTree;
}
