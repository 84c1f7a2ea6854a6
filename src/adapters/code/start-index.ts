import { basename, dirname } from 'node:path';
import type { Git } from './git-command.ts';
import { inPortions } from './portions.ts';
import { copyIndex, type SeenFiles } from './seen-files.ts';

/** `untouched`: no file differs from it. */
export type Started = 'untouched' | 'ready';

/** An index of what was seen, and what has been touched since, by its stat. */
export async function indexAsSeen(
  git: Git,
  seen: SeenFiles,
  index: string,
  scratch: string,
  signal: AbortSignal,
): Promise<string[]> {
  await copyIndex(seen.index, index);
  const options = ['--name-only', '-z', '--ignore-submodules=dirty'];
  return await git.list(['diff-files', ...options], scratch, signal, { index });
}

/** Files for which other attributes (line endings, filters) may be in force since are read again. */
export async function startAsSeen(
  git: Git,
  seen: SeenFiles,
  { index, touched }: { readonly index: string; readonly touched: readonly string[] },
  signal: AbortSignal,
): Promise<Started> {
  if (touched.length === 0) return 'untouched';
  const attributes = touched.filter(isAttributes);
  if (attributes.length === 0) return 'ready';
  await forgetBelow(git, attributes, index, signal);
  await git.run(['read-tree', '-i', '-m', seen.tree], signal, { index });
  return 'ready';
}

/** An index of the legacy commit that knows, of what was seen, the files that are the same there. */
export async function makeExpected(
  git: Git,
  seen: Omit<SeenFiles, 'expected'>,
  expected: string,
  signal: AbortSignal,
): Promise<void> {
  const { added, removed, altered } = seen.toLegacy;
  const otherwise = [...seen.changed, ...seen.unborn, ...added, ...removed, ...altered];
  await copyIndex(seen.index, expected);
  await forgetBelow(git, otherwise.filter(isAttributes), expected, signal);
  await git.run(['read-tree', '-i', '-m', seen.legacy], signal, { index: expected });
}

/** As `makeExpected` has made it; one look says whether the checkout stands there and every file is as that index has it. */
export async function startAsExpected(git: Git, seen: SeenFiles, index: string, signal: AbortSignal): Promise<Started> {
  await copyIndex(seen.expected, index);
  const options = ['--porcelain=v2', '--branch', '--untracked-files=no', '--no-renames', '--ignore-submodules=dirty'];
  const { stdout } = await git.run(['status', ...options], signal, { index });
  const lines = stdout.trim().split('\n');
  // Without its heading, git has not looked.
  const isClean = lines.includes(`# branch.oid ${seen.legacy}`) && lines.every((line) => line.startsWith('# '));
  return isClean ? 'untouched' : 'ready';
}

async function forgetBelow(git: Git, attributes: readonly string[], index: string, signal: AbortSignal): Promise<void> {
  const options = ['-r', '--cached', '--quiet', '--force', '--ignore-unmatch'];
  for (const folders of inPortions(attributes.map((path) => dirname(path)))) {
    await git.run(['rm', ...options, '--', ...folders], signal, { index });
  }
}

const isAttributes = (path: string): boolean => basename(path) === '.gitattributes';
