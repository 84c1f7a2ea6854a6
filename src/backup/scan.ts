import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DumpFile, databaseFolders, dumpFiles, pairsOf } from '../adapters/mongo/dump-files.ts';
import { hashOf, sha256 } from '../core/digest.ts';
import { createDocumentDigest } from '../core/document-digest.ts';
import type { BackupManifest, CollectionManifest, DatabaseManifest } from '../model/backup.ts';
import { BackupError, fileFault } from './backup-error.ts';
import { absentFault, type BackupLocation } from './locate.ts';
import { readMetadata } from './metadata.ts';
import type { ReadFile } from './read-files.ts';
import { type FileTotals, scanFile } from './scan-file.ts';

/** Every byte of these databases' dumps is read once, unless `readFile` remembers it; nothing is kept but sums. */
export async function scanBackup(
  location: BackupLocation,
  databases: readonly string[],
  signal: AbortSignal,
  readFile: ReadFile = scanFile,
): Promise<BackupManifest> {
  try {
    return await scan(location, databases, (file) => readFile(file, signal));
  } catch (error) {
    throw fileFault(location.root, error);
  }
}

async function scan(
  { path, root }: BackupLocation,
  databases: readonly string[],
  totalsOf: (file: DumpFile) => Promise<FileTotals>,
): Promise<BackupManifest> {
  const found = await databaseFolders(root);
  if (!databases.every((name) => found.includes(name))) throw absentFault(root, found, databases);
  const files = new Map<string, DumpFile[]>();
  for (const name of databases.toSorted()) files.set(name, await dumpFiles(join(root, name)));
  const all = [...files.values()].flat();
  const gzip = oneCompression(root, all);
  const takenAt = await newest(all);
  const scanned: DatabaseManifest[] = [];
  for (const [name, dumped] of files) {
    scanned.push({ database: name, location: name, collections: await scanCollections(dumped, totalsOf) });
  }
  const content = { path, root, gzip, takenAt, databases: scanned };
  return { ...content, hash: hashOf(content) };
}

/** mongorestore is told once for all files whether they are compressed. */
function oneCompression(root: string, files: readonly DumpFile[]): boolean {
  const gzip = files[0]?.gzip ?? false;
  const other = files.find((file) => file.gzip !== gzip);
  if (!other) return gzip;
  throw new BackupError('mixed-compression', `${root} mixes compressed and plain files, such as ${other.path}`, {
    remedy: 'compress all of its .bson and .metadata.json files with gzip, or none',
  });
}

async function newest(files: readonly DumpFile[]): Promise<number> {
  const times = await Promise.all(files.map(async (file) => (await stat(file.path)).mtimeMs));
  return Math.floor(Math.max(0, ...times));
}

async function scanCollections(
  files: readonly DumpFile[],
  totalsOf: (file: DumpFile) => Promise<FileTotals>,
): Promise<CollectionManifest[]> {
  const collections: CollectionManifest[] = [];
  for (const { data, description } of pairsOf(files).values()) {
    if (!description) throw unpaired(data, 'no .metadata.json beside it: its indexes would be lost');
    const { collection, kind, indexes, options } = await readMetadata(description);
    if (kind === 'timeseries') throw timeseries(collection, description);
    const totals =
      kind === 'view' && !data ? await noDocuments(description) : await totalsOf(existing(data, description));
    collections.push({ collection, ...totals, indexes: [...indexes], ...(options && { options }) });
  }
  return collections;
}

function existing(data: DumpFile | undefined, description: DumpFile): DumpFile {
  if (data) return data;
  throw unpaired(description, 'no .bson beside it: its documents are missing');
}

/** Of a view, of which the description is everything. */
const noDocuments = async ({ path }: DumpFile): Promise<FileTotals> => ({
  ...createDocumentDigest().totals(),
  fileHash: sha256(await readFile(path)),
});

function unpaired(file: DumpFile | undefined, detail: string): BackupError {
  return new BackupError('unpaired', `${file?.path} has ${detail}`, { remedy: 'use a complete copy of the backup' });
}

function timeseries(collection: string, { path }: DumpFile): BackupError {
  return new BackupError('unsupported-collection', `"${collection}" is a time series, which cannot be restored yet`, {
    remedy: `take ${path} and the system.buckets files of it out of the backup: then it stays on the server as it is`,
  });
}
