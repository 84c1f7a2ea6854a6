import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkout } from './checkout.ts';
import { type PathsByKind, pathsByKind } from './commit-differences.ts';
import { headCommit } from './commits.ts';
import type { Git } from './git-command.ts';
import { withScratch } from './scratch.ts';

interface Unwritable {
  readonly path: string;
  readonly code: string;
}

/** What the switch must write and cannot, in words: folders in which files change, and files that not even root may replace. */
export async function unwritablePaths(
  git: Git,
  { repository, legacy }: Checkout,
  signal: AbortSignal,
): Promise<string[]> {
  const toLegacy = await withScratch(async (scratch) =>
    pathsByKind(git, ['diff-tree', '-r', await headCommit(git, signal), legacy], scratch, signal),
  );
  const folders = await manyAtOnce([...(await foldersToWrite(repository, toLegacy, signal))], signal, (folder) =>
    unwritable(repository, folder),
  );
  const paths = [...toLegacy.altered, ...toLegacy.removed, ...toLegacy.added];
  const files = await manyAtOnce(paths, signal, (path) => immutable(repository, path));
  return [...inWords('folder', folders), ...inWords('file', files)];
}

/** A file is replaced in its folder; a new folder is made in the nearest one above it. */
async function foldersToWrite(
  repository: string,
  { added, altered, removed }: PathsByKind,
  signal: AbortSignal,
): Promise<Set<string>> {
  const isFolder = (folder: string) =>
    lstat(join(repository, folder)).then(
      (found) => found.isDirectory(),
      () => false,
    );
  const nearest = async (folder: string): Promise<string> =>
    folder === '.' || (await isFolder(folder)) ? folder : nearest(dirname(folder));
  const foldersOf = (paths: readonly string[]) => [...new Set(paths.map((path) => dirname(path)))];
  return new Set([
    ...(await manyAtOnce(foldersOf([...altered, ...added]), signal, nearest)),
    // What is gone already needs nobody's leave.
    ...(await manyAtOnce(foldersOf(removed), signal, async (folder) =>
      (await isFolder(folder)) ? folder : undefined,
    )),
  ]);
}

const unwritable = (repository: string, path: string): Promise<Unwritable | undefined> =>
  access(join(repository, path), constants.W_OK | constants.X_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => ({ path, code: error.code ?? 'unknown' }),
  );

/** A file's mode hinders nobody from replacing it. The kernel says EPERM, to root too, only of one that is immutable. */
async function immutable(repository: string, path: string): Promise<Unwritable | undefined> {
  const code = await access(join(repository, path), constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  // Of a link the file behind it was asked.
  if (code !== 'EPERM' || !(await lstat(join(repository, path))).isFile()) return undefined;
  return { path, code };
}

const atOnce = 200;

async function manyAtOnce<Item, Found>(
  items: readonly Item[],
  signal: AbortSignal,
  look: (item: Item) => Promise<Found | undefined>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    signal.throwIfAborted();
    const portion = await Promise.all(items.slice(at, at + atOnce).map(look));
    for (const each of portion) if (each !== undefined) found.push(each);
  }
  return found;
}

const named = 3;

function inWords(kind: 'folder' | 'file', found: readonly Unwritable[]): string[] {
  if (found.length === 0) return [];
  const first = found.slice(0, named).map(({ path, code }) => `${path} (${code})`);
  const more = found.length > named ? ` and ${found.length - named} more` : '';
  const mends = new Set(found.map(({ code }) => mendOf(code)));
  const what = found.length === 1 ? `a ${kind}` : `${found.length} ${kind}s`;
  return [`git must write ${what} and cannot: ${first.join(', ')}${more}: ${[...mends].join('; ')}`];
}

function mendOf(code: string): string {
  if (code === 'EPERM') return 'what is immutable needs `chattr -i`';
  if (code === 'EROFS') return 'mount it so that it can be written';
  return "let rollbackd's user write there, or run rollbackd as root";
}
