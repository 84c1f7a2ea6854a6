import type { CollectionState } from '../adapters/mongo/contract.ts';
import type { DatabaseManifest, IndexDefinition } from '../model/backup.ts';

/** Indexes of the backup's collections that only the server has, in words; those that are `wanted` there are none. */
export const strangeIndexes = (
  { collections }: DatabaseManifest,
  state: readonly CollectionState[],
  wanted: (collection: string, index: IndexDefinition) => boolean,
): string[] =>
  collections.flatMap(({ collection, indexes }) => {
    const known = new Set(indexes.map(({ name }) => name));
    return (state.find((each) => each.collection === collection)?.indexes ?? [])
      .filter((index) => !known.has(index.name) && !wanted(collection, index))
      .map(({ name }) => `${collection} has the index ${name}, which the backup lacks`);
  });
