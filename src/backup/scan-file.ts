import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DumpFile } from '../adapters/mongo/dump-files.ts';
import { createDocumentDigest } from '../core/document-digest.ts';
import type { CollectionManifest } from '../model/backup.ts';
import { fileFault } from './backup-error.ts';
import { createDocumentFrames, garbage, truncated } from './document-frames.ts';

const CHUNK_BYTES = 2 ** 20;

export type FileTotals = Pick<CollectionManifest, 'documents' | 'bytes' | 'digest' | 'fileHash'>;

/** Reads one .bson or .bson.gz file to its end, in constant memory. */
export async function scanFile(file: DumpFile, signal: AbortSignal): Promise<FileTotals> {
  const fileHash = createHash('sha256');
  const digest = createDocumentDigest();
  const frames = createDocumentFrames(file.path, (raw) => digest.add(raw));
  let read = 0;

  async function* hashed(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      read += chunk.length;
      fileHash.update(chunk);
      yield chunk;
    }
  }
  const cut = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) frames.write(chunk);
  };
  const content = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  try {
    if (file.gzip) await pipeline(content, hashed, createGunzip({ chunkSize: CHUNK_BYTES }), cut, { signal });
    else await pipeline(content, hashed, cut, { signal });
  } catch (error) {
    throw compressionFault(file.path, read, error) ?? fileFault(file.path, error);
  }
  // Without this an emptied .gz would pass for a collection without documents.
  if (file.gzip && read === 0) throw truncated(file.path, 0, 'not even a gzip header is left');
  frames.end();
  return { ...digest.totals(), fileHash: fileHash.digest('hex') };
}

function compressionFault(path: string, offset: number, error: unknown): Error | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return truncated(path, offset, 'the compressed data has no end');
  return code.startsWith('Z_') ? garbage(path, offset, 'the compressed data is damaged') : undefined;
}
