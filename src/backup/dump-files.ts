import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const DUMP_FILE = /^(?<collection>.+?)\.(?<kind>bson|metadata\.json)(?<gzip>\.gz)?$/;

export interface DumpFile {
  readonly path: string;
  /** As the file is called: mongodump escapes what a file system would not take. */
  readonly stem: string;
  readonly kind: 'bson' | 'metadata.json';
  readonly gzip: boolean;
}

/** The files of one database's folder that belong to its dump, by name. */
export async function dumpFiles(folder: string): Promise<DumpFile[]> {
  return (await readdir(folder)).sort().flatMap((name) => {
    const groups = DUMP_FILE.exec(name)?.groups;
    if (!groups?.collection || isOplog(groups.collection)) return [];
    const kind = groups.kind === 'bson' ? 'bson' : 'metadata.json';
    return [{ path: join(folder, name), stem: groups.collection, kind, gzip: groups.gzip !== undefined } as const];
  });
}

/** Sub-folders that hold a dump of a database. */
export async function databaseFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await subfolders(folder)) {
    if ((await dumpFiles(join(folder, name))).length > 0) found.push(name);
  }
  return found;
}

export async function subfolders(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).sort();
  const kinds = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return names.filter((_, index) => kinds[index]?.isDirectory());
}

/** Lies at the root of a dump of the whole server, and belongs to no database. */
const isOplog = (stem: string): boolean => stem === 'oplog';
