import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MongoClient } from 'mongodb';
import type { OracleCase } from './case.ts';
import { type CollectionDigest, digestCollection } from './documents.ts';

export type DatabaseDigest = ReadonlyMap<string, CollectionDigest>;

/** Everything that was to be left alone, as it was at the start. */
export interface Captured {
  readonly databases: readonly string[];
  readonly legacy: ReadonlyMap<string, DatabaseDigest>;
  readonly unified: DatabaseDigest;
  readonly envHash: string;
  /** The processes of the application. */
  readonly pids: readonly number[];
}

export async function capture(oracle: OracleCase): Promise<Captured> {
  const legacy = new Map<string, DatabaseDigest>();
  for (const { name } of oracle.grown.databases) legacy.set(name, await digestDatabase(oracle.client, name));
  return {
    databases: await listDatabases(oracle.client),
    legacy,
    unified: await digestDatabase(oracle.client, oracle.unifiedDatabase),
    envHash: await hashFile(oracle.repository.envFile),
    pids: await applicationPids(oracle),
  };
}

export async function applicationPids({ listApps, appName }: OracleCase): Promise<readonly number[]> {
  const own = (await listApps()).filter(({ name }) => name === appName);
  return own.flatMap(({ pid }) => pid ?? []).sort((a, b) => a - b);
}

export async function digestDatabase(client: MongoClient, name: string): Promise<DatabaseDigest> {
  const database = client.db(name);
  const collections = (await database.listCollections({}, { nameOnly: true }).toArray()).map((one) => one.name).sort();
  const digests = new Map<string, CollectionDigest>();
  for (const collection of collections)
    digests.set(collection, await digestCollection(database.collection(collection)));
  return digests;
}

export async function listDatabases(client: MongoClient): Promise<string[]> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  return databases.map(({ name }) => name);
}

export async function hashFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** One sentence for each difference. */
export function compareDigests(name: string, before: DatabaseDigest, after: DatabaseDigest): string[] {
  const collections = [...new Set([...before.keys(), ...after.keys()])];
  return collections.flatMap((collection) => {
    const [was, is] = [before.get(collection), after.get(collection)];
    const where = `${name}.${collection}`;
    if (was === undefined) return [`${where} has appeared`];
    if (is === undefined) return [`${where} has vanished`];
    if (was.count !== is.count) return [`${where} had ${was.count} documents and has ${is.count}`];
    if (was.digest !== is.digest) return [`${where} has as many documents as before, but others`];
    return was.indexes.join() === is.indexes.join() ? [] : [`${where} has other indexes than before`];
  });
}
