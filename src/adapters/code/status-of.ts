import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** Of a link, its own; undefined where nothing lies there. */
export async function statusOf(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}
