import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import { clearAbandonedLocks } from './abandoned-locks.ts';
import { headCommit, idOf } from './commits.ts';
import { compareTree } from './compare-tree.ts';
import type { Git } from './git-command.ts';
import { preserveKept, restoreKept, waitingCopies } from './kept-files.ts';
import { hasFolder, keptPaths } from './kept-paths.ts';
import { findLocalChanges, knownPaths } from './local-changes.ts';
import { saveChanges, savedRef } from './save-changes.ts';
import type { CodeConfig } from './schema.ts';
import { withScratch } from './scratch.ts';

export interface Checkout {
  readonly repository: string;
  /** Where HEAD and the index lie. */
  readonly gitFolder: string;
  /** Where the branches lie: another folder where the checkout is a linked work tree. */
  readonly commonFolder: string;
  readonly legacy: string;
}

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
  await saveChanges(git, checkout, run, signal);
  await anchorHead(git, run, signal);
  await preserveKept(config.repository, await filesToKeep(git, config, checkout, keptCopies, signal), keptCopies);
  await forgetHiddenMarks(git, signal);
  await git.run(['checkout', '--quiet', '--force', '-B', branchOf(run), checkout.legacy], signal);
  await restoreKept(config.repository, keptCopies);
  if (!(await isSwitched(git, config, checkout, run, signal))) throw notSwitched(checkout);
}

const asideOf = ({ gitFolder }: Checkout, run: string): string => join(gitFolder, 'rollbackd', run);

/** Copies of the files to keep are there only between the two moves of a switch. */
export const keptAside = (checkout: Checkout, run: string): Promise<string[]> =>
  waitingCopies(join(asideOf(checkout, run), 'keep'));

async function filesToKeep(
  git: Git,
  { repository, keep }: CodeConfig,
  { legacy }: Checkout,
  copies: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const known = (await hasFolder(repository, keep))
    ? knownPaths(await withScratch((scratch) => findLocalChanges(git, repository, legacy, scratch, signal)))
    : { legacy: [], present: [] };
  const { files, refusals } = await keptPaths(repository, keep, known, (path) => pathExists(join(copies, path)));
  if (refusals.length === 0) return files;
  throw new RollbackdError('code', refusals.join('; '), {
    remedy: 'put back what is missing, or change code.keep',
  });
}

/** Tracked files that differ from the legacy commit, apart from `except` and from the files that are to be kept as they are. */
export async function differencesFrom(
  git: Git,
  commit: string,
  except: readonly string[],
  signal: AbortSignal,
  folder?: string,
): Promise<string[]> {
  const { differing } = await withScratch((scratch) => compareTree(git, commit, scratch, signal, folder));
  return differing.filter((path) => !except.some((place) => isIn(path, place)));
}

const isIn = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place.replace(/\/+$/, '')}/`);

async function isSwitched(
  git: Git,
  config: CodeConfig,
  { legacy }: Checkout,
  run: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { stdout: branch } = await git.run(['symbolic-ref', '--quiet', 'HEAD'], signal, { accept: [1] });
  if (branch.trim() !== `refs/heads/${branchOf(run)}` || (await headCommit(git, signal)) !== legacy) return false;
  return (await differencesFrom(git, legacy, config.keep, signal)).length === 0;
}

/** Where the checkout stood, even if no branch names it: undo needs it, and a detached commit would be collected as garbage. */
async function anchorHead(git: Git, run: string, signal: AbortSignal): Promise<void> {
  const ref = `${savedRef(run)}-head`;
  if ((await idOf(git, ref, signal)) !== undefined) return;
  await git.run(['update-ref', ref, await headCommit(git, signal)], signal);
}

/** An index that calls changed files unchanged, or skips them, makes even a forced checkout fail or leave them as they are. */
async function forgetHiddenMarks(git: Git, signal: AbortSignal): Promise<void> {
  let marked = false;
  const onLine = (line: string) => {
    marked ||= /^[a-zS] /.test(line);
  };
  await git.run(['ls-files', '-v'], signal, { onLine });
  if (!marked) return;
  await git.run(['read-tree', 'HEAD'], signal);
  await git.run(['update-index', '-q', '--refresh'], signal, { accept: [1] });
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
