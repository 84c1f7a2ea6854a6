import { hash } from 'node:crypto';
import { BSON, type Collection, type Document } from 'mongodb';
import type { SeedCollection } from '../seed/seed.ts';

/** Orders of the traffic, and of the oracle itself. */
export const trafficPrefix = 'traffic-';

/** A login writes it, and logging in is no damage. */
const VOLATILE_FIELD = 'lastLoginAt';

export function hashDocument(document: Document): string {
  return hash('sha1', BSON.serialize(document));
}

/** By the bytes as they are stored: a number of another type is another document. */
export function hashStored(bytes: Buffer): string {
  if (!bytes.includes(VOLATILE_FIELD)) return hash('sha1', bytes);
  const { [VOLATILE_FIELD]: _, ...rest } = BSON.deserialize(bytes, { promoteValues: false });
  return hashDocument(rest);
}

export function isTraffic(bytes: Buffer): boolean {
  return bytes.includes(trafficPrefix) && String(BSON.deserialize(bytes).id).startsWith(trafficPrefix);
}

/** Undecoded: most documents are only hashed. */
export const readStored = (stored: Collection): AsyncIterable<Buffer> =>
  stored.find({}, { raw: true }) as unknown as AsyncIterable<Buffer>;

export interface CollectionDifference {
  /** Documents of the seed that are not there as they were. */
  readonly lacking: readonly Document[];
  readonly missing: readonly string[];
  readonly changed: readonly string[];
  /** Neither of the seed nor of the traffic. */
  readonly foreign: readonly string[];
  readonly traffic: readonly Document[];
  readonly missingIndexes: readonly string[];
}

/** Every document of the seed, `_id` included, against what is stored now. */
export async function compareCollection(stored: Collection, seed: SeedCollection): Promise<CollectionDifference> {
  const expected = new Map(seed.documents.map((document) => [hashDocument(document), document]));
  const others: Document[] = [];
  const traffic: Document[] = [];
  for await (const bytes of readStored(stored)) {
    if (expected.delete(hashStored(bytes))) continue;
    if (isTraffic(bytes)) traffic.push(BSON.deserialize(bytes));
    else others.push(BSON.deserialize(bytes));
  }
  const unmatched = [...expected.values()];
  const unmatchedIds = new Set(unmatched.map(({ _id }) => String(_id)));
  const storedIds = new Set(others.map(({ _id }) => String(_id)));
  return {
    lacking: unmatched,
    missing: unmatched.filter(({ _id }) => !storedIds.has(String(_id))).map(nameOf),
    changed: others.filter(({ _id }) => unmatchedIds.has(String(_id))).map(nameOf),
    foreign: others.filter(({ _id }) => !unmatchedIds.has(String(_id))).map(nameOf),
    traffic,
    missingIndexes: await missingIndexes(stored, seed),
  };
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
  for await (const bytes of readStored(stored)) {
    if (isTraffic(bytes)) continue;
    count += 1;
    sum = BigInt.asUintN(64, sum + BigInt(`0x${hashStored(bytes).slice(0, 16)}`));
  }
  const indexes = (await stored.listIndexes().toArray()).map(({ name }) => String(name)).sort();
  return { count, digest: sum.toString(16), indexes };
}
