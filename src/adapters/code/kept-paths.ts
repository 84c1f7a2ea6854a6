import { join, normalize } from 'node:path';
import { ancestorsOf, foldersOf } from './in-the-way.ts';
import { statusOf } from './status-of.ts';

/** What git knows of, and a forced checkout could therefore write or remove. */
export interface KnownPaths {
  /** Every file of the legacy commit. */
  readonly legacy: readonly string[];
  /** Every file of the commit that is checked out, of the index, and whatever lies in the legacy commit's way. */
  readonly present: readonly string[];
}

export interface KeptPaths {
  /** Files to be copied before the checkout moves. Of a folder only those that it could touch: uploads may be many. */
  readonly files: readonly string[];
  /** What cannot be kept, each in words. */
  readonly refusals: readonly string[];
}

/** The files behind `code.keep`. `hasCopy` names those that an interrupted switch has copied already. */
export async function keptPaths(
  repository: string,
  keep: readonly string[],
  known: KnownPaths,
  hasCopy: (path: string) => Promise<boolean> = async () => false,
): Promise<KeptPaths> {
  const files: string[] = [];
  const refusals: string[] = [];
  for (const entry of keep) {
    const found = await statusOf(join(repository, entry));
    if (found?.isDirectory()) files.push(...(await filesUnder(repository, entry, known)));
    else if (found?.isFile() || found?.isSymbolicLink()) files.push(entry);
    else if (!(await hasCopy(entry))) refusals.push(`${entry} of code.keep ${found ? 'is no file' : 'is not there'}`);
  }
  return { files, refusals: [...refusals, ...conflicts(files, known)] };
}

/** As git writes a path: `./conf/` is `conf`. */
export const plainPath = (path: string): string => normalize(path).replace(/\/+$/, '');

/** Only of a folder must be known what git could touch in it. */
export async function hasFolder(repository: string, keep: readonly string[]): Promise<boolean> {
  const found = await Promise.all(keep.map((entry) => statusOf(join(repository, entry))));
  return found.some((each) => each?.isDirectory());
}

async function filesUnder(repository: string, folder: string, { legacy, present }: KnownPaths): Promise<string[]> {
  const inside = folder === '.' ? () => true : (path: string) => path.startsWith(`${folder}/`);
  const candidates = [...new Set([...legacy, ...present])].filter(inside);
  const statuses = await Promise.all(candidates.map((path) => statusOf(join(repository, path))));
  return candidates.filter((_, index) => statuses[index] !== undefined && !statuses[index]?.isDirectory());
}

function conflicts(files: readonly string[], { legacy }: KnownPaths): string[] {
  const folders = foldersOf(legacy);
  const all = new Set(legacy);
  return files
    .filter((file) => folders.has(file) || ancestorsOf(file).some((folder) => all.has(folder)))
    .map((file) => `${file} of code.keep cannot be put back: the legacy commit has a folder there, or a file above it`);
}
