import { whyRefused } from '../adapters/mongo/index-refusals.ts';
import type { DatabaseManifest } from '../model/backup.ts';
import type { MissingIndex } from './compare-state.ts';

export const indexesOf = ({ collections }: DatabaseManifest): MissingIndex[] =>
  collections.flatMap(({ collection, indexes }) => indexes.map((index) => ({ collection, index })));

/** Those of these indexes that no server would build, in words: mongorestore would find that out when everything is dropped. */
export function refusedIndexes(indexes: readonly MissingIndex[]): string[] {
  return indexes.flatMap(({ collection, index }) => {
    const why = whyRefused(index);
    return why === undefined ? [] : [`the index ${index.name} of ${collection}: ${why}`];
  });
}

export const refusedRemedy = 'correct these indexes in the .metadata.json files of the backup, or take them out there';
