import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import type { Git } from './git-command.ts';

export interface TreeComparison {
  /** An index of the commit that knows the files on the disk. */
  readonly index: string;
  /** Files of the commit that are missing on the disk or differ. */
  readonly differing: readonly string[];
}

/**
 * Compares the work tree with a commit by content. The index is a fresh one, so neither time stamps
 * nor marks such as assume-unchanged, which hide a change from `git status`, are believed.
 */
export async function compareTree(
  git: Git,
  commit: string,
  scratch: string,
  signal: AbortSignal,
  folder?: string,
): Promise<TreeComparison> {
  const index = join(scratch, 'index');
  const options = folder === undefined ? { index } : { index, folder };
  await git.run(['read-tree', commit], signal, options);
  await access(index).catch(() => {
    throw new RollbackdError('code', 'git read-tree ended well but wrote no index', {
      remedy: 'check that code.program is a working git',
    });
  });
  await git.run(['update-index', '-q', '--refresh'], signal, { ...options, accept: [1] });
  const differing = await git.list(
    ['diff-files', '--name-only', '-z', '--ignore-submodules=dirty'],
    scratch,
    signal,
    options,
  );
  return { index, differing };
}
