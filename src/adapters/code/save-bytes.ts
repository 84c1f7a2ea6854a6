import { join } from 'node:path';
import { blobIdOf } from './blob-id.ts';
import { type Difference, differencesOf } from './commit-differences.ts';
import type { Git } from './git-command.ts';
import type { LocalChanges } from './local-changes.ts';
import { inPortions } from './portions.ts';

interface Index {
  readonly repository: string;
  readonly index: string;
  readonly head: string;
  readonly scratch: string;
}

/**
 * Files that the index holds otherwise than HEAD become, in the index, what lies on the disk byte for byte: git itself would
 * save them with other line endings or through a filter. Tracked files that a filter or an encoding turns back at a checkout stay as git has them.
 * What is in the tree that was saved before, and is not rewritten, is not read again.
 */
export async function saveBytes(
  git: Git,
  saving: Index,
  since: LocalChanges['since'],
  signal: AbortSignal,
): Promise<void> {
  const isNew = since === undefined ? () => true : await savedSince(git, saving, since, signal);
  const converted: Difference[] = [];
  for (const entry of await savedFiles(git, saving, signal)) {
    if (!entry.mode.startsWith('100') || !isNew(entry.path)) continue;
    const onDisk = await blobIdOf(join(saving.repository, entry.path), entry.id);
    if (onDisk !== undefined && onDisk !== entry.id) converted.push(entry);
  }
  const tracked = converted.filter(({ status }) => status !== 'A').map(({ path }) => path);
  const turnedBack = await turnedBackAtCheckout(git, tracked, saving.index, signal);
  const toSave = new Map(converted.filter(({ path }) => !turnedBack.has(path)).map((entry) => [entry.path, entry]));
  for (const paths of inPortions([...toSave.keys()], shortAnswer)) {
    const { stdout } = await git.run(['hash-object', '-w', '--no-filters', '--', ...paths], signal);
    const ids = stdout.trim().split('\n');
    const entries = paths.flatMap((path, at) => ['--cacheinfo', `${toSave.get(path)?.mode},${ids[at]},${path}`]);
    await git.run(['update-index', '--add', '--replace', ...entries], signal, { index: saving.index });
  }
}

/** Of these paths, those that the index does not hold as they lie on the disk. */
export async function notHeld(
  git: Git,
  saving: Index,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const held = new Map((await savedFiles(git, saving, signal)).map(({ path, id }) => [path, id]));
  const missing: string[] = [];
  for (const path of paths) {
    const id = held.get(path);
    if (id === undefined || (await blobIdOf(join(saving.repository, path), id)) !== id) missing.push(path);
  }
  return missing;
}

async function savedSince(
  git: Git,
  saving: Index,
  { tree, rewritten }: NonNullable<LocalChanges['since']>,
  signal: AbortSignal,
): Promise<(path: string) => boolean> {
  const otherwise = await savedFiles(git, { ...saving, head: tree }, signal);
  const paths = new Set([...otherwise.map(({ path }) => path), ...rewritten]);
  return (path) => paths.has(path);
}

const savedFiles = async (
  git: Git,
  { index, head, scratch }: Index,
  signal: AbortSignal,
): Promise<readonly Difference[]> =>
  (await differencesOf(git, ['diff-index', '--cached', head], scratch, signal, { index })).filter(
    ({ status }) => status !== 'D',
  );

/** An answer of one line for each path must not be cut. */
const shortAnswer = 1_000;

async function turnedBackAtCheckout(
  git: Git,
  paths: readonly string[],
  index: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of inPortions(paths, shortAnswer)) {
    const command = ['check-attr', '-z', 'filter', 'working-tree-encoding', '--', ...some];
    const answer = (await git.run(command, signal, { index })).stdout.split('\0');
    for (let at = 0; at + 2 < answer.length; at += 3) {
      const [path = '', , value = ''] = answer.slice(at, at + 3);
      if (value !== 'unspecified' && value !== 'unset') found.add(path);
    }
  }
  return found;
}
