import type { Document, MongoClient } from 'mongodb';
import { type ConnectionOptions, type MongoConnection, type OperationLimits, openConnection } from './connection.ts';
import type { ActivityCounters, MongoReader } from './contract.ts';
import {
  readAllIndexes,
  readDatabaseState,
  readDocumentCounts,
  readOwnCollections,
  readTimeSeries,
} from './database-state.ts';

const LEAST_STATUS = { metrics: 0, wiredTiger: 0, locks: 0, repl: 0, tcmalloc: 0, electionMetrics: 0 } as const;

/** Looks at one server as the observer. */
export function createMongoReader(options: ConnectionOptions): MongoReader {
  const connection = openConnection(options);
  return {
    ping: (signal) =>
      connection.ask(signal, async (client, limits) => {
        const hello = await command(client, 'admin', { hello: 1 }, limits);
        const { connections } = await command(client, 'admin', { serverStatus: 1, ...LEAST_STATUS }, limits);
        return {
          writable: hello.isWritablePrimary === true && hello.readOnly !== true,
          connections: { current: Number(connections.current), available: Number(connections.available) },
        };
      }),
    databaseNames: (signal) =>
      connection.ask(signal, async (client, limits) => {
        const { databases } = await command(client, 'admin', { listDatabases: 1, nameOnly: true }, limits);
        return databases.map((database: { name: string }) => database.name).sort();
      }),
    collectionNames: (database, signal) =>
      connection.ask(signal, (client, limits) => readOwnCollections(client.db(database), limits)),
    databaseState: (database, signal, named) =>
      connection.stream(signal, (client, limits) => readDatabaseState(client.db(database), limits, named)),
    documentCounts: (database, signal) =>
      connection.ask(signal, (client, limits) => readDocumentCounts(client.db(database), limits)),
    indexes: (database, signal) =>
      connection.stream(signal, (client, limits) => readAllIndexes(client.db(database), limits)),
    timeSeries: (database, signal) =>
      connection.ask(signal, (client, limits) => readTimeSeries(client.db(database), limits)),
    activity: (signal) =>
      connection.ask(signal, async (client, limits) => {
        const { totals } = await command(client, 'admin', { top: 1 }, limits);
        const status = await command(client, 'admin', { serverStatus: 1, ...LEAST_STATUS }, limits);
        return activityCounters(totals, status);
      }),
    clients: (signal) =>
      connection.ask(signal, async (client, limits) => {
        const everybodys = [{ $currentOp: { allUsers: true, idleConnections: true } }];
        return clientNames(await client.db('admin').aggregate(everybodys, limits).toArray());
      }),
    find: ({ database, collection }, filter, { fields, limit }, signal) =>
      connection.ask(signal, (client, limits) => {
        const options = { projection: projectionOf(fields), limit, ...limits };
        return client.db(database).collection(collection).find(filter, options).toArray();
      }),
    count: ({ database, collection }, filter, signal) =>
      connection.ask(signal, (client, limits) =>
        client.db(database).collection(collection).countDocuments(filter, limits),
      ),
    identity: (signal) =>
      connection.ask(signal, async (client, limits) => {
        const { topologyVersion, setName, msg } = await command(client, 'admin', { hello: 1 }, limits);
        const { host, pid } = await command(client, 'admin', { serverStatus: 1, ...LEAST_STATUS }, limits);
        return {
          process: [host, pid, topologyVersion?.processId].join(' '),
          replicaSet: setName,
          router: msg === 'isdbgrid',
        };
      }),
    ...sizes(connection),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

const command = (client: MongoClient, database: string, body: Document, { signal, maxTimeMS }: OperationLimits) =>
  client.db(database).command({ ...body, maxTimeMS }, { signal });

const sizes = (connection: MongoConnection): Pick<MongoReader, 'diskSpace' | 'dataSize'> => ({
  diskSpace: (database, signal) =>
    connection.ask(signal, async (client, limits) => {
      const { fsTotalSize, fsUsedSize } = await command(client, database, { dbStats: 1 }, limits);
      const total = Number(fsTotalSize ?? 0);
      return total > 0 ? { free: total - Number(fsUsedSize), total } : undefined;
    }),
  dataSize: (database, signal) =>
    connection.ask(signal, async (client, limits) =>
      Number((await command(client, database, { dbStats: 1 }, limits)).dataSize ?? 0),
    ),
});

/** Without fields the whole document; `_id` only where it is asked for. */
function projectionOf(fields: readonly string[]): Document {
  if (fields.length === 0) return {};
  return { _id: fields.includes('_id') ? 1 : 0, ...Object.fromEntries(fields.map((field) => [field, 1])) };
}

/** Connections of the server's own have no address. */
function clientNames(operations: readonly Document[]): string[] {
  const names = operations
    .filter(({ client, appName }) => typeof client === 'string' && !String(appName ?? '').startsWith('rollbackd-'))
    .map(({ client, appName }) => `${appName || 'unnamed'} from ${client.replace(/:\d+$/, '')}`);
  return [...new Set(names)].sort();
}

interface TopEntry {
  readonly readLock?: { readonly count: unknown };
  readonly writeLock?: { readonly count: unknown };
}

/** `totals` holds one entry a namespace, and a note in words. */
function activityCounters(totals: Record<string, TopEntry | string>, status: Document): ActivityCounters {
  const reads: Record<string, number> = {};
  const readsWithin: Record<string, Record<string, number>> = {};
  const writes: Record<string, number> = {};
  for (const [namespace, entry] of Object.entries(totals)) {
    if (typeof entry === 'string') continue;
    const database = namespace.split('.', 1)[0] ?? namespace;
    const read = Number(entry.readLock?.count ?? 0);
    reads[database] = (reads[database] ?? 0) + read;
    readsWithin[database] ??= {};
    readsWithin[database][namespace.slice(database.length + 1)] = read;
    writes[database] = (writes[database] ?? 0) + Number(entry.writeLock?.count ?? 0);
  }
  return { serverPid: Number(status.pid), uptimeMs: Number(status.uptimeMillis), reads, readsWithin, writes };
}
