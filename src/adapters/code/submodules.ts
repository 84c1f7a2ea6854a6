import { join } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import { headCommit } from './commits.ts';
import type { Git } from './git-command.ts';
import type { Tree } from './tree.ts';

/** Submodules that a switch would leave at another commit than the legacy one names: their contents are not rolled back. */
export async function strandedSubmodules(
  git: Git,
  repository: string,
  trees: { readonly legacy: Tree; readonly current: Tree },
  signal: AbortSignal,
): Promise<string[]> {
  const stranded: string[] = [];
  for (const [path, wanted] of trees.legacy.submodules) {
    const folder = join(repository, path);
    const found = (await pathExists(join(folder, '.git'))) ? await headCommit(git, signal, folder) : undefined;
    const unusedAsBefore = found === undefined && trees.current.submodules.has(path);
    if (found === wanted || unusedAsBefore) continue;
    stranded.push(
      `the submodule ${path} is ${found === undefined ? 'not checked out' : `at ${found.slice(0, 10)}`}, and the legacy commit needs it at ${wanted.slice(0, 10)}: rollbackd does not switch submodules`,
    );
  }
  return stranded;
}
