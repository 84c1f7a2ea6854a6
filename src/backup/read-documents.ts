import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DumpFile } from '../adapters/mongo/dump-files.ts';
import { fileFault } from './backup-error.ts';
import { createDocumentFrames, garbage, truncated } from './document-frames.ts';

const CHUNK_BYTES = 2 ** 20;

interface Readers {
  /** As raw BSON; valid only during the call. */
  readonly onDocument: (raw: Buffer) => void;
  /** The file's bytes as they lie on the disk. */
  readonly onBytes?: (chunk: Buffer) => void;
}

/** Reads one .bson or .bson.gz file to its end, in constant memory. */
export async function readDocuments(
  file: DumpFile,
  { onDocument, onBytes }: Readers,
  signal: AbortSignal,
): Promise<void> {
  const frames = createDocumentFrames(file.path, onDocument);
  let read = 0;
  async function* seen(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      read += chunk.length;
      onBytes?.(chunk);
      yield chunk;
    }
  }
  const cut = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) frames.write(chunk);
  };
  const content = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  try {
    if (file.gzip) await pipeline(content, seen, createGunzip({ chunkSize: CHUNK_BYTES }), cut, { signal });
    else await pipeline(content, seen, cut, { signal });
  } catch (error) {
    throw compressionFault(file.path, read, error) ?? fileFault(file.path, error);
  }
  // Without this an emptied .gz would pass for a collection without documents.
  if (file.gzip && read === 0) throw truncated(file.path, 0, 'not even a gzip header is left');
  frames.end();
}

function compressionFault(path: string, offset: number, error: unknown): Error | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return truncated(path, offset, 'the compressed data has no end');
  return code.startsWith('Z_') ? garbage(path, offset, 'the compressed data is damaged') : undefined;
}
