import { BSON, type Document } from 'mongodb';
import type { IndexDefinition } from '../../model/backup.ts';

/** How a server keeps the value of an option; undefined: not at all. */
type Keep = (value: unknown) => unknown;

const asIs: Keep = (value) => value;
const onlyIfSet: Keep = (value) => (value === false ? undefined : value);
const flag: Keep = (value) => onlyIfSet(typeof value === 'number' ? value !== 0 : value);
const seconds: Keep = (value) =>
  typeof value !== 'number' ? value : Number.isNaN(value) ? LONGEST_SECONDS : Math.trunc(value);
const unlessEmpty: Keep = (value) => (isDocument(value) && Object.keys(value).length === 0 ? undefined : value);
const unlessSimple: Keep = (value) => (isDocument(value) && value.locale === 'simple' ? undefined : value);

const LONGEST_SECONDS = 2 ** 31 - 1;

/**
 * The options that servers know, in the form in which they keep them. Any other (`safe`, `w`, `dropDups`, `ns`, a misspelt one)
 * was taken by old servers and says nothing; `v` and `background` are about how an index is built.
 */
const optionsKept: Readonly<Record<string, Keep>> = {
  unique: flag,
  sparse: flag,
  hidden: onlyIfSet,
  prepareUnique: onlyIfSet,
  expireAfterSeconds: seconds,
  partialFilterExpression: unlessEmpty,
  collation: unlessSimple,
  wildcardProjection: asIs,
  columnstoreProjection: asIs,
  weights: asIs,
  default_language: asIs,
  language_override: asIs,
  textIndexVersion: asIs,
  '2dsphereIndexVersion': asIs,
  bits: asIs,
  min: asIs,
  max: asIs,
  storageEngine: asIs,
  clustered: asIs,
};

/** What a server adds where it is not said, by the kind of a key. */
const added: Readonly<Record<string, Document>> = {
  '2dsphere': { '2dsphereIndexVersion': 3 },
  text: { default_language: 'english', language_override: 'language', textIndexVersion: 3 },
};

/** An index as listIndexes or a dump's metadata.json describes it: what a server keeps as the same index gives equal definitions. */
export function normaliseIndex(raw: Document): IndexDefinition {
  const key = Object.entries(raw.key as Document).map(([field, kind]): [string, number | string] => [
    field,
    direction(kind),
  ]);
  const given = { ...Object.assign({}, ...key.map(([, kind]) => added[kind])), ...raw };
  const options = Object.entries(optionsKept).flatMap(([name, keep]) => {
    const value = name in given ? keep(given[name]) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return {
    name: String(raw.name),
    key,
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

/** -1, 1, or a kind such as `text` or `2dsphere`; wrapped numbers become plain ones. What is neither stays what it is, in words. */
function direction(kind: unknown): number | string {
  const number = typeof kind === 'number' || (isDocument(kind) && '_bsontype' in kind) ? Number(kind) : Number.NaN;
  return Number.isNaN(number) ? String(kind) : number;
}

const isDocument = (value: unknown): value is Document => typeof value === 'object' && value !== null;
