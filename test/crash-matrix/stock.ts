import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BSON, MongoClient } from 'mongodb';
import { hashDocument, hashStored, isTraffic, readStored } from '../../sandbox/oracle/documents.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** `database.collection` -> the digest of each document there -> how often. */
export type Stock = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Everything that there was before the rollback. */
export interface Beginning {
  readonly legacy: Stock;
  readonly unified: Stock;
  readonly backup: Stock;
  /** Documents that differ in nothing but their `_id`. */
  readonly alike: number;
}

export interface Count {
  /** Documents of the beginning. */
  readonly documents: number;
  readonly lost: number;
  readonly doubled: number;
}

export async function takeBeginning(sandbox: Sandbox): Promise<Beginning> {
  await using reader = await openReader(sandbox);
  const { unifiedDatabase, legacyDatabases } = sandbox.mongo;
  const legacy = await reader.stockOf(legacyDatabases.map(({ name }) => name));
  const unified = await reader.stockOf([unifiedDatabase]);
  return {
    legacy: legacy.stock,
    unified: unified.stock,
    backup: stockOfBackup(sandbox),
    alike: alike(legacy, unified),
  };
}

/**
 * Where each document of the beginning is now. What was in the unified database must be there still, what was in a legacy one there
 * or in a snapshot; what the backup holds is lost only once its databases are said to be restored.
 */
export async function countStock(sandbox: Sandbox, beginning: Beginning, isRestored: boolean): Promise<Count> {
  await using reader = await openReader(sandbox);
  const { unifiedDatabase, legacyDatabases } = sandbox.mongo;
  const legacy = await reader.stockOf(legacyDatabases.map(({ name }) => name));
  const unified = await reader.stockOf([unifiedDatabase]);
  const snapshots = await stockOfDumps(join(sandbox.root, 'rollbackd', 'evidence'));
  return count(
    beginning,
    { legacy: legacy.stock, unified: unified.stock, snapshots, alike: alike(legacy, unified) },
    isRestored,
  );
}

export interface Now {
  readonly legacy: Stock;
  readonly unified: Stock;
  readonly snapshots: Stock;
  readonly alike: number;
}

export function count(beginning: Beginning, now: Now, isRestored: boolean): Count {
  const { legacy, unified, backup } = beginning;
  const kept = isRestored ? [now.legacy, now.snapshots] : [now.legacy, now.snapshots, backup];
  return {
    documents: sizeOf(legacy) + sizeOf(unified) + sizeOf(backup),
    lost: missing(unified, [now.unified]) + missing(legacy, kept) + (isRestored ? missing(backup, [now.legacy]) : 0),
    doubled: Math.max(now.alike - beginning.alike, 0),
  };
}

function missing(wanted: Stock, places: readonly Stock[]): number {
  let lost = 0;
  for (const [where, documents] of wanted) {
    for (const digest of documents.keys()) if (!places.some((place) => place.get(where)?.has(digest))) lost += 1;
  }
  return lost;
}

const sizeOf = (stock: Stock): number =>
  [...stock.values()].reduce((sum, documents) => sum + [...documents.values()].reduce((all, one) => all + one, 0), 0);

interface Read {
  readonly stock: Stock;
  readonly alike: number;
}

const alike = (...read: readonly Read[]): number => read.reduce((sum, one) => sum + one.alike, 0);

async function openReader({ mongo }: Sandbox) {
  const client = await new MongoClient(mongo.adminUri, { serverSelectionTimeoutMS: 10_000 }).connect();
  const readOne = async (database: string, name: string): Promise<Read> => {
    const [digests, contents] = [new Map<string, number>(), new Map<string, number>()];
    for await (const bytes of readStored(client.db(database).collection(name))) {
      if (isTraffic(bytes)) continue;
      add(digests, hashStored(bytes));
      add(contents, hashContent(bytes));
    }
    const twice = [...contents.values()].reduce((sum, each) => sum + each - 1, 0);
    return { stock: new Map([[`${database}.${name}`, digests]]), alike: twice };
  };
  return {
    async stockOf(databases: readonly string[]): Promise<Read> {
      const read: Read[] = [];
      for (const database of databases) {
        const collections = await client.db(database).listCollections({}, { nameOnly: true }).toArray();
        for (const { name } of collections) read.push(await readOne(database, name));
      }
      return { stock: new Map(read.flatMap(({ stock }) => [...stock])), alike: alike(...read) };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function hashContent(bytes: Buffer): string {
  const { _id, ...content } = BSON.deserialize(bytes, { promoteValues: false });
  return hash('sha1', BSON.serialize(content));
}

function stockOfBackup({ seed }: Sandbox): Stock {
  const stock = new Map<string, Map<string, number>>();
  for (const { name, collections } of seed.databases) {
    for (const collection of collections) {
      const digests = new Map<string, number>();
      for (const document of collection.documents) add(digests, hashDocument(document));
      stock.set(`${name}.${collection.name}`, digests);
    }
  }
  return stock;
}

/** Every document of every dump under a folder: a snapshot that was cut off holds what it holds. */
async function stockOfDumps(folder: string): Promise<Stock> {
  const stock = new Map<string, Map<string, number>>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => /\.bson(\.gz)?$/.test(one.name))) {
    const file = join(entry.parentPath, entry.name);
    const where = `${basename(dirname(file))}.${decodeURIComponent(entry.name.replace(/\.bson(\.gz)?$/, ''))}`;
    const digests = stock.get(where) ?? new Map<string, number>();
    for (const bytes of documentsIn(await readWhole(file))) add(digests, hashStored(bytes));
    stock.set(where, digests);
  }
  return stock;
}

async function readWhole(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Up to the first that is cut off. */
function* documentsIn(file: Buffer): Generator<Buffer> {
  for (let at = 0; at + 4 < file.length; ) {
    const length = file.readInt32LE(at);
    if (length < 5 || at + length > file.length) return;
    yield file.subarray(at, at + length);
    at += length;
  }
}
