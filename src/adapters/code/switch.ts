import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import { clearAbandonedLocks } from './abandoned-locks.ts';
import { asideOf, type Checkout } from './checkout.ts';
import { headCommit, idOf } from './commits.ts';
import { differencesFrom } from './differences.ts';
import type { Git } from './git-command.ts';
import { preserveKept, restoreKept, waitingCopies } from './kept-files.ts';
import { hasFolder, keptPaths } from './kept-paths.ts';
import { knownPaths, type LocalChanges } from './local-changes.ts';
import { putIndex } from './put-index.ts';
import { saveChanges, savedRef } from './save-changes.ts';
import type { CodeConfig } from './schema.ts';
import { withScratch } from './scratch.ts';

export const branchOf = (run: string): string => `rollback-${run}`;

/**
 * The runbook's `git checkout -b rollback-<date>`, forced, since dirt is normal, and therefore never before everything
 * it could take away is saved. Interrupted anywhere, it is simply done again.
 */
export async function switchToLegacy(
  git: Git,
  config: CodeConfig,
  checkout: Checkout,
  run: string,
  signal: AbortSignal,
): Promise<void> {
  const aside = asideOf(checkout, run);
  const keptCopies = join(aside, 'keep');
  if (!(await pathExists(keptCopies)) && (await isSwitched(git, config, checkout, run, signal))) return;
  await clearAbandonedLocks(config.repository, locksOf(checkout, run), aside, config.timeout, signal);
  const { changes, seen } = await saveChanges(git, checkout, run, signal);
  await anchorHead(git, run, changes.head, signal);
  await preserveKept(
    config.repository,
    await filesToKeep(git, config, checkout, { keptCopies, changes }, signal),
    keptCopies,
  );
  // git then moves away from what is saved, and from nothing else: it believes no mark that hides a change, and reads again only what was touched since.
  await putIndex(seen.index, checkout.gitFolder);
  await git.run(['checkout', '--quiet', '--force', '-B', branchOf(run), checkout.legacy], signal);
  await restoreKept(config.repository, keptCopies);
  if (!(await isAtLegacy(git, checkout, run, signal))) throw notSwitched(checkout);
}

/** Copies of the files to keep are there only between the two moves of a switch. */
export const keptAside = (checkout: Checkout, run: string): Promise<string[]> =>
  waitingCopies(join(asideOf(checkout, run), 'keep'));

async function filesToKeep(
  git: Git,
  { repository, keep }: CodeConfig,
  { legacy }: Checkout,
  { keptCopies, changes }: { readonly keptCopies: string; readonly changes: LocalChanges },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const known = (await hasFolder(repository, keep))
    ? await withScratch((scratch) => knownPaths(git, legacy, changes, scratch, signal))
    : { legacy: [], present: [] };
  const { files, refusals } = await keptPaths(repository, keep, known, (path) => pathExists(join(keptCopies, path)));
  if (refusals.length === 0) return files;
  throw new RollbackdError('code', refusals.join('; '), {
    remedy: 'put back what is missing, or change code.keep',
  });
}

async function isSwitched(
  git: Git,
  config: CodeConfig,
  checkout: Checkout,
  run: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await isAtLegacy(git, checkout, run, signal))) return false;
  return (await differencesFrom(git, checkout, run, config.keep, signal)).length === 0;
}

async function isAtLegacy(git: Git, { legacy }: Checkout, run: string, signal: AbortSignal): Promise<boolean> {
  const [head, { stdout: branch }] = await Promise.all([
    headCommit(git, signal),
    git.run(['symbolic-ref', '--quiet', 'HEAD'], signal, { accept: [1] }),
  ]);
  return head === legacy && branch.trim() === `refs/heads/${branchOf(run)}`;
}

/** Where the checkout stood, even if no branch names it: undo needs it, and a detached commit would be collected as garbage. */
async function anchorHead(git: Git, run: string, head: string, signal: AbortSignal): Promise<void> {
  const ref = `${savedRef(run)}-head`;
  if ((await idOf(git, ref, signal)) !== undefined) return;
  await git.run(['update-ref', ref, head], signal);
}

function locksOf({ gitFolder, commonFolder }: Checkout, run: string): string[] {
  return [
    join(gitFolder, 'index.lock'),
    join(gitFolder, 'HEAD.lock'),
    join(commonFolder, 'refs', 'heads', `${branchOf(run)}.lock`),
    join(commonFolder, `${savedRef(run)}.lock`),
    join(commonFolder, `${savedRef(run)}-head.lock`),
  ];
}

function notSwitched({ repository, legacy }: Checkout): RollbackdError {
  return new RollbackdError('code', `git checkout ended well but ${repository} is not at ${legacy}`, {
    remedy: `compare by hand: git -C ${repository} diff --stat ${legacy}`,
  });
}
