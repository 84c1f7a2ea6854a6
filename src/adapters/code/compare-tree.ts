import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { blobIdOf } from './blob-id.ts';
import type { Git } from './git-command.ts';
import type { Started } from './start-index.ts';

export interface TreeComparison {
  /** An index of the commit that knows the files on the disk. */
  readonly index: string;
  /** Files of the commit that are missing on the disk or differ. */
  readonly differing: readonly string[];
}

export interface ComparisonOptions {
  /** The work tree. */
  readonly folder: string;
  /** Files that may differ. */
  readonly except?: (path: string) => boolean;
  /** Makes the index out of what was read before. */
  readonly start?: ((index: string) => Promise<Started>) | undefined;
}

/**
 * Compares the work tree with a commit by content. The index is one of our own, so neither time stamps
 * nor marks such as assume-unchanged, which hide a change from `git status`, are believed. What this run has read already
 * and nobody has touched since is not read again.
 */
export async function compareTree(
  git: Git,
  commit: string,
  scratch: string,
  signal: AbortSignal,
  { folder, except = () => false, start }: ComparisonOptions,
): Promise<TreeComparison> {
  const index = join(scratch, 'index');
  const options = { index, folder };
  const started = await start?.(index);
  if (started === 'untouched') return { index, differing: [] };
  if (started === undefined) await git.run(['read-tree', commit], signal, options);
  await access(index).catch(() => {
    throw new RollbackdError('code', 'git read-tree ended well but wrote no index', {
      remedy: 'check that code.program is a working git',
    });
  });
  await git.run(['update-index', '-q', '--refresh'], signal, { ...options, accept: [1] });
  const answer = await git.list(
    ['diff-files', '--raw', '--no-abbrev', '-z', '--ignore-submodules=dirty'],
    scratch,
    signal,
    options,
  );
  const changes = changesIn(answer).filter(({ path }) => !except(path));
  return { index, differing: await reallyDiffering(changes, folder) };
}

interface Change {
  readonly path: string;
  /** Id of its blob, where a plain file lies there. */
  readonly blob: string | undefined;
}

/** `:mode mode blob 0000 M`, and its path. */
function changesIn(answer: readonly string[]): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at + 1 < answer.length; at += 2) {
    const [head = '', path = ''] = answer.slice(at, at + 2);
    const [before, after, blob, , status] = head.split(' ');
    changes.push({
      path,
      blob: status === 'M' && before === `:${after}` && after?.startsWith('100') ? blob : undefined,
    });
  }
  return changes;
}

/**
 * A commit may hold a file whose line endings are not those that its own .gitattributes ask for, as what we have saved byte for
 * byte does. git calls it changed in every checkout; with the very bytes of the commit it is not.
 */
async function reallyDiffering(changes: readonly Change[], folder: string): Promise<string[]> {
  const differing: string[] = [];
  for (const { path, blob } of changes) {
    if (blob === undefined || (await blobIdOf(join(folder, path), blob)) !== blob) differing.push(path);
  }
  return differing;
}
