import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Collections whose documents lie in the dump of one database: what a tool must have written, or must restore. */
export async function dumpedFiles(root: string, database: string, gzip: boolean): Promise<string[]> {
  const ending = gzip ? '.bson.gz' : '.bson';
  const names = await readdir(join(root, database)).catch(() => []);
  return names
    .filter((name) => name.endsWith(ending) && !name.startsWith('system.'))
    .map((name) => unescaped(name.slice(0, -ending.length)))
    .sort();
}

/** mongodump escapes what a file system would not take, as URLs do. */
function unescaped(stem: string): string {
  try {
    return decodeURIComponent(stem);
  } catch {
    return stem;
  }
}
