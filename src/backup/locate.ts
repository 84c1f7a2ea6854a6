import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { databaseFolders, dumpFiles, subfolders } from '../adapters/mongo/dump-files.ts';
import { BackupError, fileFault } from './backup-error.ts';
import type { BackupConfig } from './schema.ts';

export interface BackupLocation {
  readonly path: string;
  /** The folder that directly holds one folder a database. */
  readonly root: string;
}

const NESTED = 'all-databases';
const ARCHIVE = /\.(archive|gz|tgz|tar|zip|agz)$/i;

/** Finds the root of the dump that holds all these databases, or says what is wrong with the path. Reads folders only. */
export async function locateBackup({ path }: BackupConfig, databases: readonly string[]): Promise<BackupLocation> {
  await expectFolder(path);
  try {
    return { path, root: await findRoot(path, databases) };
  } catch (error) {
    throw fileFault(path, error);
  }
}

async function expectFolder(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw fileFault(path, cause);
    throw new BackupError('backup-missing', `there is no backup at ${path}`, {
      remedy: 'set backup.path to the folder that mongodump wrote before the migration',
      cause,
    });
  });
  if (!found.isDirectory()) throw archiveFault(path);
}

async function findRoot(path: string, wanted: readonly string[]): Promise<string> {
  const direct = await databaseFolders(path);
  if (holdsAll(direct, wanted)) return path;
  const nested = (await subfolders(path)).includes(NESTED) ? await databaseFolders(join(path, NESTED)) : [];
  if (holdsAll(nested, wanted)) return join(path, NESTED);
  const [root, best] =
    matches(nested, wanted) > matches(direct, wanted) ? [join(path, NESTED), nested] : [path, direct];
  if (matches(best, wanted) === 0) await expectRightLevel(path, wanted);
  throw best.length > 0 ? absentFault(root, best, wanted) : await nothingThere(path);
}

function matches(found: readonly string[], wanted: readonly string[]): number {
  return wanted.filter((name) => found.includes(name)).length;
}

const holdsAll = (found: readonly string[], wanted: readonly string[]): boolean =>
  found.length > 0 && matches(found, wanted) === wanted.length;

/** A path one level too deep or too high restores nothing, and mongorestore calls that a success. */
async function expectRightLevel(path: string, wanted: readonly string[]): Promise<void> {
  // The oplog at the root of a whole server's dump is described nowhere, and belongs to no database.
  if ((await dumpFiles(path)).some(({ kind }) => kind === 'metadata.json')) {
    throw new BackupError('wrong-level', `${path} is the dump of the one database "${basename(path)}"`, {
      remedy: `set backup.path to its parent, ${dirname(path)}`,
    });
  }
  for (const name of await subfolders(path)) {
    if (matches(await databaseFolders(join(path, name)), wanted) === 0) continue;
    throw new BackupError('wrong-level', `${path} lies above the dump: the databases are in its folder "${name}"`, {
      remedy: `set backup.path to ${join(path, name)}`,
    });
  }
}

export function absentFault(root: string, found: readonly string[], wanted: readonly string[]): BackupError {
  const absent = wanted.filter((name) => !found.includes(name));
  return new BackupError(
    'database-absent',
    `the backup at ${root} lacks ${absent.join(', ')}; it holds ${found.join(', ') || 'no database'}`,
    { remedy: 'use a backup that holds every database to be restored, or correct their names' },
  );
}

async function nothingThere(path: string): Promise<BackupError> {
  const archive = (await readdir(path)).find((name) => ARCHIVE.test(name));
  if (archive !== undefined) return archiveFault(join(path, archive));
  return new BackupError('backup-empty', `the backup at ${path} holds no dump of any database`, {
    remedy: 'set backup.path to the folder that mongodump wrote before the migration',
  });
}

function archiveFault(file: string): BackupError {
  return new BackupError('archive-unsupported', `${file} is a single file: dumps in one archive are not supported`, {
    remedy: 'unpack it into a folder: restore it into a scratch server and dump that one with mongodump --out',
  });
}
