import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../core/digest.ts';

/**
 * A mark inside node_modules that an installation came to its end: a killed one leaves every package.json and none of what
 * the packages' own scripts would have made. It moves with the folder, so it also tells which installation lies in a place.
 */
const mark = z.object({ madeIn: z.string(), lock: z.string() });

const fileOf = (folder: string): string => join(folder, 'node_modules', '.rollbackd-installed.json');

export const unmark = (folder: string): Promise<void> => rm(fileOf(folder), { force: true });

/** Only after everything else is there. */
export async function markInstalled(folder: string, lock: string): Promise<void> {
  const unfinished = `${fileOf(folder)}.new`;
  await writeFile(unfinished, JSON.stringify({ madeIn: folder, lock: sha256(lock) }), { flush: true });
  await rename(unfinished, fileOf(folder));
  await using modules = await open(join(folder, 'node_modules'));
  await modules.sync();
}

/** The folder in which what lies here was installed, if that came to its end and by this very lock file. */
export async function installedIn(folder: string, lock: string): Promise<string | undefined> {
  const text = await readFile(fileOf(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '{}';
    throw error;
  });
  const { data } = mark.safeParse(JSON.parse(text));
  return data?.lock === sha256(lock) ? data.madeIn : undefined;
}
