import type { Collection, Db } from 'mongodb';
import { createDocumentDigest } from '../../core/document-digest.ts';
import type { IndexDefinition } from '../../model/backup.ts';
import type { CollectionState } from './contract.ts';
import { normaliseIndex, sortedByName } from './index-definition.ts';

interface Limits {
  readonly signal: AbortSignal;
}

/** Small enough that the event loop turns between two batches. */
const BATCH_DOCUMENTS = 1_000;
/** A collection has at most 64: they all come in one answer. */
const ALL_INDEXES = 1_000;

/** Names of real collections, `system.*` among them; views and time series are none. */
export async function readCollections(database: Db, { signal }: Limits): Promise<string[]> {
  const found = await database.listCollections({}, { nameOnly: true, signal }).toArray();
  return found
    .filter(({ type }) => type === 'collection')
    .map(({ name }) => name)
    .sort();
}

/** Every document of the database crosses the wire once, undecoded. */
export async function readDatabaseState(database: Db, limits: Limits): Promise<CollectionState[]> {
  const states: CollectionState[] = [];
  for (const collection of await readCollections(database, limits)) {
    if (collection.startsWith('system.')) continue;
    const totals = await digestOf(database.collection(collection), limits);
    states.push({ collection, ...totals, indexes: await readIndexes(database, collection, limits) });
  }
  return states;
}

async function digestOf(collection: Collection, { signal }: Limits) {
  const digest = createDocumentDigest();
  await using cursor = collection.find({}, { raw: true, batchSize: BATCH_DOCUMENTS, signal });
  while (await cursor.hasNext()) {
    // With `raw` the driver hands out buffers, though its types do not say so.
    for (const document of cursor.readBufferedDocuments() as unknown as Buffer[]) digest.add(document);
  }
  return digest.totals();
}

async function readIndexes(database: Db, collection: string, { signal }: Limits): Promise<IndexDefinition[]> {
  const answer = await database.command({ listIndexes: collection, cursor: { batchSize: ALL_INDEXES } }, { signal });
  return sortedByName(answer.cursor.firstBatch.map(normaliseIndex));
}
