import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * No collection's file begins so: a dot is how macOS calls what it knows about another file (`._menu.bson`), and no name of a
 * collection; `$admin` are the users and roles of `--dumpDbUsersAndRoles`, which mongorestore leaves unless it is told otherwise.
 */
const DUMP_FILE = /^(?!\.|\$admin\.)(?<stem>.+?)\.(?<kind>bson|metadata\.json)(?<gzip>\.gz)?$/s;
/** Written by mongodump about itself. */
const OWN_NOTE = /^prelude\.json(\.gz)?$/;

export interface DumpFile {
  readonly path: string;
  /** As the file is called: mongodump escapes what a file system would not take, and shortens what is too long for one. */
  readonly stem: string;
  readonly kind: 'bson' | 'metadata.json';
  readonly gzip: boolean;
}

/** The two files of one collection: a view has no documents of its own. */
export interface DumpPair {
  readonly data?: DumpFile;
  readonly description?: DumpFile;
}

/** The files of one database's folder that belong to its dump, by name. */
export async function dumpFiles(folder: string): Promise<DumpFile[]> {
  return (await readdir(folder)).sort().flatMap((name) => {
    const groups = DUMP_FILE.exec(name)?.groups;
    if (!groups?.stem) return [];
    const kind = groups.kind === 'bson' ? 'bson' : 'metadata.json';
    return [{ path: join(folder, name), stem: groups.stem, kind, gzip: groups.gzip !== undefined } as const];
  });
}

/** What else lies in the folder: it is neither compared nor restored. */
export async function passedOver(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !DUMP_FILE.test(name) && !OWN_NOTE.test(name)).sort();
}

/** By their stem. Collections of the server's own are no part of what is compared or restored. */
export function pairsOf(files: readonly DumpFile[]): Map<string, DumpPair> {
  const pairs = new Map<string, DumpPair>();
  for (const file of files.filter(({ stem }) => !stem.startsWith('system.'))) {
    pairs.set(file.stem, { ...pairs.get(file.stem), [file.kind === 'bson' ? 'data' : 'description']: file });
  }
  return pairs;
}

export async function readText({ path, gzip }: DumpFile): Promise<string> {
  const bytes = await readFile(path);
  return (gzip ? gunzipSync(bytes) : bytes).toString('utf8');
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
