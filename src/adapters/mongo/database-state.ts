import type { Collection, Db } from 'mongodb';
import { createDocumentDigest } from '../../core/document-digest.ts';
import type { IndexDefinition } from '../../model/backup.ts';
import { normaliseOptions } from './collection-options.ts';
import type { CollectionState } from './contract.ts';
import { normaliseIndex, sortedByName } from './index-definition.ts';

interface Limits {
  readonly signal: AbortSignal;
}

/** Small enough that the event loop turns between two batches. */
const BATCH_DOCUMENTS = 1_000;
/** A collection has at most 64: they all come in one answer. */
const ALL_INDEXES = 1_000;

/** Names of real collections, without the server's own (`system.*`); views and time series are none. */
export const readOwnCollections = async (database: Db, limits: Limits): Promise<string[]> =>
  (await namesOf(database, 'collection', limits)).filter((name) => !name.startsWith('system.'));

/** As the server keeps count. */
export async function readDocumentCounts(database: Db, limits: Limits): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await readOwnCollections(database, limits)) {
    counts[name] = Number((await database.command({ count: name }, limits)).n);
  }
  return counts;
}

export const readTimeSeries = (database: Db, limits: Limits): Promise<string[]> =>
  namesOf(database, 'timeseries', limits);

async function namesOf(database: Db, kind: string, { signal }: Limits): Promise<string[]> {
  const found = await database.listCollections({}, { nameOnly: true, signal }).toArray();
  return found
    .filter(({ type }) => type === kind)
    .map(({ name }) => name)
    .sort();
}

/** Every document of the database, or of its named collections, crosses the wire once, undecoded. */
export async function readDatabaseState(
  database: Db,
  limits: Limits,
  named?: readonly string[],
): Promise<CollectionState[]> {
  const found = await database.listCollections({}, { nameOnly: false, signal: limits.signal }).toArray();
  const states: CollectionState[] = [];
  for (const listed of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (listed.name.startsWith('system.') || listed.type === 'timeseries') continue;
    if (named && !named.includes(listed.name)) continue;
    const options = normaliseOptions(listed.options ?? {});
    const content = listed.type === 'view' ? emptyContent() : await readContent(database, listed.name, limits);
    states.push({ collection: listed.name, ...content, ...(options && { options }) });
  }
  return states;
}

export async function readAllIndexes(
  database: Db,
  limits: Limits,
): Promise<Pick<CollectionState, 'collection' | 'indexes'>[]> {
  const names = await readOwnCollections(database, limits);
  return Promise.all(
    names.map(async (collection) => ({ collection, indexes: await readIndexes(database, collection, limits) })),
  );
}

/** Of a view, whose documents are those of others. */
const emptyContent = () => ({ ...createDocumentDigest().totals(), indexes: [] });

const readContent = async (database: Db, collection: string, limits: Limits) => ({
  ...(await digestOf(database.collection(collection), limits)),
  indexes: await readIndexes(database, collection, limits),
});

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
