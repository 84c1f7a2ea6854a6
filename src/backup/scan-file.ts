import { createHash } from 'node:crypto';
import type { DumpFile } from '../adapters/mongo/dump-files.ts';
import { createDocumentDigest } from '../core/document-digest.ts';
import type { CollectionManifest } from '../model/backup.ts';
import { readDocuments } from './read-documents.ts';

export type FileTotals = Pick<CollectionManifest, 'documents' | 'bytes' | 'digest' | 'fileHash'>;

export async function scanFile(file: DumpFile, signal: AbortSignal): Promise<FileTotals> {
  const fileHash = createHash('sha256');
  const digest = createDocumentDigest();
  await readDocuments(
    file,
    { onDocument: (raw) => digest.add(raw), onBytes: (chunk) => void fileHash.update(chunk) },
    signal,
  );
  return { ...digest.totals(), fileHash: fileHash.digest('hex') };
}
