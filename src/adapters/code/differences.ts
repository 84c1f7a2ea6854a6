import type { Checkout } from './checkout.ts';
import { compareTree } from './compare-tree.ts';
import type { Git } from './git-command.ts';
import { withScratch } from './scratch.ts';
import { circumstances, readSeen } from './seen-files.ts';
import { startAsExpected } from './start-index.ts';

/** Tracked files that differ from the legacy commit, apart from `except`. Of what the run has seen, only what was touched since is read again. */
export async function differencesFrom(
  git: Git,
  checkout: Checkout,
  run: string,
  except: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const seen = await readSeen(checkout, run, await circumstances(git, checkout, signal));
  const isExcepted = (path: string) => except.some((place) => isIn(path, place));
  const start = seen && ((index: string) => startAsExpected(git, seen, index, signal));
  const { differing } = await withScratch((scratch) =>
    compareTree(git, checkout.legacy, scratch, signal, { folder: checkout.repository, except: isExcepted, start }),
  );
  return [...differing];
}

const isIn = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place.replace(/\/+$/, '')}/`);
