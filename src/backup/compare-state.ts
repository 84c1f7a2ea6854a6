import type { CollectionState } from '../adapters/mongo/contract.ts';
import { canonicalJson } from '../core/digest.ts';
import type { CollectionManifest, DatabaseManifest, IndexDefinition } from '../model/backup.ts';
import { deletesDocuments, type Expired, expires } from './expiry.ts';

export interface MissingIndex {
  readonly collection: string;
  readonly index: IndexDefinition;
}

export interface Comparison {
  readonly verdict: 'equal' | 'absent' | 'different';
  /** Each in words, indexes included. */
  readonly differences: string[];
  /** On the server but not in the backup: a restore keeps them. They alone make no difference. */
  readonly extraCollections: string[];
  /** Fewer documents than in the backup where the server deletes them by itself: no difference. */
  readonly expired: Expired[];
  /** Differences that can be mended without touching a document. */
  readonly missingIndexes: MissingIndex[];
  /** False where only indexes are missing: they can be built. */
  readonly needsRestore: boolean;
}

/**
 * How a database on a server stands against its backup. Indexes that only the server has are no difference, unless it deletes
 * documents by them.
 */
export function compareState(manifest: DatabaseManifest, state: readonly CollectionState[]): Comparison {
  const there = new Map(state.filter(isOrdinary).map((collection) => [collection.collection, collection]));
  const expected = manifest.collections.filter(isOrdinary);
  const extraCollections = [...there.keys()].filter((name) => !expected.some(({ collection }) => collection === name));
  const documents = expected.flatMap((collection) => compareDocuments(collection, there.get(collection.collection)));
  const indexes = expected.flatMap((collection) => compareIndexes(collection, there.get(collection.collection)));
  const differences = [...documents, ...indexes.map(({ difference }) => difference)];
  return {
    verdict: there.size === 0 && expected.length > 0 ? 'absent' : differences.length > 0 ? 'different' : 'equal',
    differences,
    extraCollections,
    expired: expected.flatMap((collection) => expiredOf(collection, there.get(collection.collection))),
    missingIndexes: indexes.flatMap(({ missing }) => missing ?? []),
    needsRestore: documents.length > 0 || indexes.some(({ missing }) => !missing),
  };
}

const isOrdinary = ({ collection }: { readonly collection: string }): boolean => !collection.startsWith('system.');

function compareDocuments(expected: CollectionManifest, found: CollectionState | undefined): string[] {
  const { collection, documents } = expected;
  if (!found)
    return [`${collection} is missing (${isView(expected) ? 'a view' : `${documents} documents`} in the backup)`];
  const otherwise = differingOptions(expected.options, found.options);
  if (otherwise.length > 0) return [`${collection} has another ${otherwise.join(', another ')} than in the backup`];
  if (expiredOf(expected, found).length > 0) return [];
  if (found.documents !== documents) return [`${collection} has ${found.documents} documents instead of ${documents}`];
  return found.digest === expected.digest ? [] : [`${collection} has ${documents} documents, but not the same ones`];
}

/**
 * Which of them are left cannot be told from a digest of all. A restore that was cut off is told from it: mongorestore builds
 * indexes after the documents, and without its index none has expired.
 */
function expiredOf(expected: CollectionManifest, found: CollectionState | undefined): Expired[] {
  if (!found || !expires(expected) || !expires(found)) return [];
  const documents = expected.documents - found.documents;
  return documents > 0 ? [{ collection: expected.collection, documents }] : [];
}

const isView = ({ options }: Pick<CollectionManifest, 'options'>): boolean => options?.viewOn !== undefined;

type Options = Readonly<Record<string, unknown>>;

/** Names of the options that are not the same. */
export function differingOptions(one: Options = {}, other: Options = {}): string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.filter((name) => canonicalJson([one[name]]) !== canonicalJson([other[name]]));
}

interface IndexDifference {
  readonly difference: string;
  readonly missing?: MissingIndex;
}

function compareIndexes(expected: CollectionManifest, found: CollectionState | undefined): IndexDifference[] {
  if (!found) return [];
  const { collection } = expected;
  const deleting = found.indexes.filter((one) => deletesDocuments(one) && !expected.indexes.some(sameName(one)));
  const ofBackup = expected.indexes.flatMap((index): IndexDifference[] => {
    const same = found.indexes.find(sameName(index));
    if (!same) return [{ difference: `${collection} lacks the index ${index.name}`, missing: { collection, index } }];
    if (sameIndex(same, index)) return [];
    return [{ difference: `${collection} has another index under the name ${index.name}` }];
  });
  const ofServer = deleting.map(({ name }) => ({
    difference: `${collection} has the index ${name}, by which the server deletes documents, and the backup lacks it`,
  }));
  return [...ofBackup, ...ofServer];
}

const sameName =
  ({ name }: IndexDefinition) =>
  (other: IndexDefinition): boolean =>
    other.name === name;

const sameIndex = (a: IndexDefinition, b: IndexDefinition): boolean => canonicalJson(a) === canonicalJson(b);
