import type { CollectionState } from '../adapters/mongo/contract.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import type { MissingIndex } from '../backup/compare-state.ts';
import { hashOf } from '../core/digest.ts';
import type { IndexDefinition } from '../model/backup.ts';

/** A required index is there when its keys and its uniqueness are: names may differ. */
const identity = ({ key, options }: IndexDefinition): string => hashOf({ key, unique: options.unique === true });

const requiredIndexes = ({ requiredIndexes: required }: LegacyDatabase): MissingIndex[] =>
  required.map(({ collection, key, unique }) => ({
    collection,
    index: {
      name: Object.entries(key).flat().join('_'),
      key: Object.entries(key),
      options: unique ? { unique: true } : {},
    },
  }));

/** What the configuration wants beside the backup's own. */
export function missingIndexesOf(database: LegacyDatabase, state: readonly CollectionState[]): MissingIndex[] {
  const present = new Map(state.map(({ collection, indexes }) => [collection, new Set(indexes.map(identity))]));
  return requiredIndexes(database).filter(({ collection, index }) => !present.get(collection)?.has(identity(index)));
}

export const isRequired =
  (database: LegacyDatabase) =>
  (collection: string, index: IndexDefinition): boolean =>
    requiredIndexes(database).some(
      (required) => required.collection === collection && identity(required.index) === identity(index),
    );
