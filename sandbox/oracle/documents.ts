import { hash } from 'node:crypto';
import { BSON, type Collection, type Document } from 'mongodb';
import type { SeedCollection } from '../seed/seed.ts';

/** Orders of the traffic, and of the oracle itself. */
export const trafficPrefix = 'traffic-';

/** A login writes it, and logging in is no damage. */
const VOLATILE_FIELD = 'lastLoginAt';

export function hashDocument(document: Document): string {
  const names = Object.keys(document).filter((name) => name !== VOLATILE_FIELD);
  const sorted = Object.fromEntries(names.sort().map((name) => [name, document[name]]));
  return hash('sha1', BSON.serialize(sorted));
}

export interface CollectionDifference {
  readonly equal: number;
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Neither of the seed nor of the traffic. */
  readonly foreign: readonly string[];
  readonly traffic: number;
  readonly missingIndexes: readonly string[];
}

/** Every document of the seed, `_id` included, against what is stored now. */
export async function compareCollection(stored: Collection, seed: SeedCollection): Promise<CollectionDifference> {
  const expected = new Map(seed.documents.map((document) => [String(document._id), hashDocument(document)]));
  const changed: string[] = [];
  const foreign: string[] = [];
  let equal = 0;
  let traffic = 0;
  for await (const document of stored.find()) {
    const key = String(document._id);
    const before = expected.get(key);
    expected.delete(key);
    if (before === hashDocument(document)) equal += 1;
    else if (before !== undefined) changed.push(nameOf(document));
    else if (String(document.id).startsWith(trafficPrefix)) traffic += 1;
    else foreign.push(nameOf(document));
  }
  const missing = seed.documents.filter(({ _id }) => expected.has(String(_id))).map(nameOf);
  return { equal, missing, changed, foreign, traffic, missingIndexes: await missingIndexes(stored, seed) };
}

const nameOf = (document: Document): string => String(document.id ?? document.slug ?? document._id);

async function missingIndexes(stored: Collection, { indexes }: SeedCollection): Promise<string[]> {
  const present = await stored
    .listIndexes()
    .toArray()
    .catch(() => []);
  const isThere = (key: object, unique: boolean) =>
    present.some((index) => JSON.stringify(index.key) === JSON.stringify(key) && (index.unique === true) === unique);
  return indexes.filter(({ key, unique }) => !isThere(key, unique === true)).map(({ key }) => JSON.stringify(key));
}

export interface CollectionDigest {
  readonly count: number;
  /** The same for the same documents in any order. */
  readonly digest: string;
  readonly indexes: readonly string[];
}

/** Of everything but the traffic's orders. */
export async function digestCollection(stored: Collection): Promise<CollectionDigest> {
  let count = 0;
  let sum = 0n;
  for await (const document of stored.find()) {
    if (String(document.id).startsWith(trafficPrefix)) continue;
    count += 1;
    sum = BigInt.asUintN(64, sum + BigInt(`0x${hashDocument(document).slice(0, 16)}`));
  }
  const indexes = (await stored.listIndexes().toArray()).map(({ name }) => String(name)).sort();
  return { count, digest: sum.toString(16), indexes };
}
