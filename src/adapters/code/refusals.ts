import type { HomeOf } from '../../core/home-folder.ts';
import type { Checkout } from './checkout.ts';
import { headCommit } from './commits.ts';
import { unknownFilters } from './filters.ts';
import type { Git } from './git-command.ts';
import { keptPaths } from './kept-paths.ts';
import { personalLineEndings } from './line-endings.ts';
import { findLocalChanges, knownPaths } from './local-changes.ts';
import type { CodeConfig } from './schema.ts';
import { withScratch } from './scratch.ts';
import { strandedSubmodules } from './submodules.ts';
import { treeOf } from './tree.ts';
import { unsavableFiles } from './unsavable.ts';

interface Asked {
  readonly git: Git;
  readonly config: CodeConfig;
  readonly homeOf: HomeOf;
}

/** Why a switch would fail, or end well with something else than the legacy code: known before there is any downtime. */
export async function codeRefusals(
  { git, config, homeOf }: Asked,
  checkout: Checkout,
  signal: AbortSignal,
): Promise<string[]> {
  const { repository, legacy } = checkout;
  return await withScratch(async (scratch) => {
    const trees = {
      legacy: await treeOf(git, legacy, scratch, signal),
      current: await treeOf(git, await headCommit(git, signal), scratch, signal),
    };
    const changes = await findLocalChanges(git, repository, legacy, scratch, signal);
    const known = await knownPaths(git, legacy, changes, scratch, signal);
    return [
      ...(await keptPaths(repository, config.keep, known)).refusals,
      ...(await unsavableFiles(repository, changes)),
      ...(await strandedSubmodules(git, repository, trees, signal)),
      ...(await unknownFilters(git, checkout, trees.legacy.files, scratch, signal)),
      ...(await personalLineEndings(git, repository, homeOf, signal)),
    ];
  });
}
