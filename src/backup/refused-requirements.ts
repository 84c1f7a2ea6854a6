import { join } from 'node:path';
import { type DumpFile, dumpFiles, pairsOf } from '../adapters/mongo/dump-files.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import type { BackupManifest, CollectionManifest, DatabaseManifest, IndexDefinition } from '../model/backup.ts';
import { findDouble } from './find-double.ts';
import { readMetadata } from './metadata.ts';
import { inWords, missingRequired } from './missing-indexes.ts';

/** Why a database as the backup has it would not take an index; undefined where it would. */
export type WhyNotUnique = (
  folder: string,
  collection: CollectionManifest,
  index: IndexDefinition,
  signal: AbortSignal,
) => Promise<string | undefined>;

/** Documents of the same bytes are not read again: a plan is made again and again. */
export function rememberUniqueness(look: WhyNotUnique): WhyNotUnique {
  const known = new Map<string, string | undefined>();
  return async (folder, collection, index, signal) => {
    const what = JSON.stringify([collection.fileHash, collection.options, index.key]);
    if (!known.has(what)) known.set(what, await look(folder, collection, index, signal));
    return known.get(what);
  };
}

/**
 * Indexes that only the configuration asks for, and that the backup's own indexes or documents do not allow, in words: the server
 * would say so when all is dropped and restored.
 */
export async function refusedRequirements(
  configured: LegacyDatabase,
  { root }: BackupManifest,
  { location, collections }: DatabaseManifest,
  why: WhyNotUnique,
  signal: AbortSignal,
): Promise<string[]> {
  const refused: string[] = [];
  for (const one of missingRequired(configured, collections)) {
    const collection = collections.find((each) => each.collection === one.collection);
    if (!collection) continue;
    const isUnique = one.index.options.unique === true;
    const reason =
      whyNamedAlike(collection, one.index) ??
      (isUnique ? await why(join(root, location), collection, one.index, signal) : undefined);
    if (reason !== undefined) refused.push(`the ${isUnique ? 'unique ' : ''}index ${inWords(one)}: ${reason}`);
  }
  return refused;
}

export const requirementsRemedy = 'correct requiredIndexes: take it out there, or change its `unique`';

const whyNamedAlike = ({ indexes }: CollectionManifest, { name }: IndexDefinition): string | undefined =>
  indexes.some((each) => each.name === name) ? 'the backup has another one under this name' : undefined;

export async function whyNotUnique(
  folder: string,
  { collection, options }: CollectionManifest,
  { key }: IndexDefinition,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (options?.collation) return 'it cannot be told beforehand: the collection has a collation';
  if (key.some(([, kind]) => typeof kind === 'string')) return 'it cannot be told beforehand of such a kind of index';
  const file = await documentsOf(folder, collection);
  return (
    file &&
    findDouble(
      file,
      key.map(([field]) => field),
      signal,
    )
  );
}

/** A view has none. */
async function documentsOf(folder: string, collection: string): Promise<DumpFile | undefined> {
  for (const { data, description } of pairsOf(await dumpFiles(folder)).values()) {
    if (data && description && (await readMetadata(description)).collection === collection) return data;
  }
  return undefined;
}
