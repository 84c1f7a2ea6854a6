import type { CollectionState } from '../adapters/mongo/contract.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import { hashOf } from '../core/digest.ts';
import type { DatabaseManifest, IndexDefinition } from '../model/backup.ts';
import type { MissingIndex } from './compare-state.ts';

type Indexed = Pick<CollectionState, 'collection' | 'indexes'>;

/** Indexes of the backup, and of the configuration, that a database with these does not have. */
export function missingIndexes(
  configured: LegacyDatabase,
  expected: DatabaseManifest,
  present: readonly Indexed[],
): MissingIndex[] {
  const held = new Map(present.map(({ collection, indexes }) => [collection, indexes]));
  const ofBackup = expected.collections.flatMap(({ collection, indexes }) =>
    indexes
      .filter(({ name }) => !held.get(collection)?.some((one) => one.name === name))
      .map((index) => ({ collection, index })),
  );
  return [...ofBackup, ...missingRequired(configured, [...present, ...expected.collections])];
}

/** Indexes of the configuration that none of these collections has. */
export const missingRequired = (configured: LegacyDatabase, held: readonly Indexed[]): MissingIndex[] =>
  requiredIndexes(configured).filter(
    ({ collection, index }) =>
      !held.some((one) => one.collection === collection && one.indexes.map(identity).includes(identity(index))),
  );

/** A required index is there when its keys and its uniqueness are: names may differ. */
const identity = ({ key, options }: IndexDefinition): string => hashOf({ key, unique: options.unique === true });

/** Whether the configuration asks for an index, under whatever name. */
export const isRequired =
  (configured: LegacyDatabase) =>
  (collection: string, index: IndexDefinition): boolean =>
    requiredIndexes(configured).some((one) => one.collection === collection && identity(one.index) === identity(index));

const requiredIndexes = ({ requiredIndexes }: LegacyDatabase): MissingIndex[] =>
  requiredIndexes.map(({ collection, key, unique }) => ({
    collection,
    index: {
      name: Object.entries(key).flat().join('_'),
      key: Object.entries(key),
      options: unique ? { unique: true } : {},
    },
  }));

export const inWords = ({ collection, index }: MissingIndex): string => `${index.name} of ${collection}`;
