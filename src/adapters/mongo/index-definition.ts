import { BSON, type Document } from 'mongodb';
import type { IndexDefinition } from '../../model/backup.ts';

/** What differs between servers and dumps without making a different index. */
const NOT_OF_THE_INDEX = new Set(['v', 'ns', 'key', 'name', 'background']);
/** Options that mean nothing where they are false. */
const NOTHING_WHEN_FALSE = new Set(['unique', 'sparse', 'hidden']);

/** An index as listIndexes or a dump's metadata.json describes it: equal indexes give equal definitions. */
export function normaliseIndex(raw: Document): IndexDefinition {
  const options = Object.entries(raw).filter(
    ([name, value]) => !NOT_OF_THE_INDEX.has(name) && !(NOTHING_WHEN_FALSE.has(name) && !value),
  );
  return {
    name: String(raw.name),
    key: Object.entries(raw.key as Document).map(([field, kind]) => [field, direction(kind)]),
    options: BSON.EJSON.serialize(Object.fromEntries(options), { relaxed: true }),
  };
}

/** The same index as createIndexes wants it. */
export function indexSpecification({ name, key, options }: IndexDefinition): Document {
  return { ...BSON.EJSON.deserialize(options, { relaxed: true }), key: Object.fromEntries(key), name };
}

export function sortedByName(indexes: readonly IndexDefinition[]): IndexDefinition[] {
  return indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** -1, 1, or a kind such as `text` or `2dsphere`; Long and Double wrappers become numbers. */
function direction(kind: unknown): number | string {
  return typeof kind === 'string' ? kind : Number(kind);
}
