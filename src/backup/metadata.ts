import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { BSON } from 'mongodb';
import { z } from 'zod';
import { normaliseIndex, sortedByName } from '../adapters/mongo/index-definition.ts';
import type { IndexDefinition } from '../model/backup.ts';
import { BackupError } from './backup-error.ts';
import type { DumpFile } from './dump-files.ts';

const document = z.record(z.string(), z.unknown());
const schema = z.looseObject({
  options: document.default({}),
  indexes: z.array(z.looseObject({ name: z.string(), key: document })).default([]),
  collectionName: z.string().optional(),
  type: z.string().optional(),
});

export interface CollectionMetadata {
  readonly collection: string;
  readonly kind: 'collection' | 'view' | 'timeseries';
  readonly indexes: readonly IndexDefinition[];
}

/** What mongodump wrote beside the documents. */
export async function readMetadata(file: DumpFile): Promise<CollectionMetadata> {
  const { options, indexes, collectionName, type } = parse(file, await readText(file));
  return {
    // Dumps of old tools have no name inside; theirs is the file's.
    collection: collectionName ?? unescaped(file.stem),
    kind: kindOf(options, type),
    indexes: sortedByName(indexes.map(normaliseIndex)),
  };
}

async function readText(file: DumpFile): Promise<string> {
  const bytes = await readFile(file.path);
  try {
    return (file.gzip ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    const cut = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    throw new BackupError(cut ? 'truncated' : 'garbage', `${file.path} is damaged`, { cause });
  }
}

function parse(file: DumpFile, text: string): z.infer<typeof schema> {
  try {
    return schema.parse(BSON.EJSON.parse(text, { relaxed: true }));
  } catch (cause) {
    const fault = text.trim() === '' ? 'truncated' : 'garbage';
    throw new BackupError(fault, `${file.path} is no description of a collection`, { cause });
  }
}

function kindOf(options: Record<string, unknown>, type: string | undefined): CollectionMetadata['kind'] {
  if (type === 'view' || options.viewOn !== undefined) return 'view';
  return type === 'timeseries' || options.timeseries !== undefined ? 'timeseries' : 'collection';
}

function unescaped(stem: string): string {
  try {
    return decodeURIComponent(stem);
  } catch {
    return stem;
  }
}
