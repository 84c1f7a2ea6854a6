import { addAbortListener } from 'node:events';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { mongoFault } from './mongo-error.ts';
import type { MongoLogin, MongoServer } from './schema.ts';

export interface ConnectionOptions {
  readonly server: MongoServer;
  /** Absent on a server without authentication. */
  readonly login: MongoLogin | undefined;
  /** How the connections are told apart in serverStatus and $currentOp. */
  readonly appName: string;
  /** One question to the server takes no longer. */
  readonly timeoutMs: number;
}

/** What every operation passes on to the driver. */
export interface OperationLimits {
  readonly signal: AbortSignal;
  readonly maxTimeMS: number;
}

export interface MongoConnection extends AsyncDisposable {
  /** One operation within the connection's time-out. */
  ask<T>(signal: AbortSignal, operation: (client: MongoClient, limits: OperationLimits) => Promise<T>): Promise<T>;
  /** A long operation: as many questions as it needs, none of them longer than the time-out. */
  stream<T>(
    signal: AbortSignal,
    operation: (client: MongoClient, limits: { signal: AbortSignal }) => Promise<T>,
  ): Promise<T>;
}

const CLOSE_WITHIN_MS = 2_000;
/** The server gives up first, so that a slow answer is told from none. */
const SERVER_SHARE = 0.8;

/** Connects with the first operation, and again after an outage. Nothing is retried. */
export function openConnection({ server, login, appName, timeoutMs }: ConnectionOptions): MongoConnection {
  const address = `${server.host}:${server.port}`;
  const client = new MongoClient(`mongodb://${bracketed(server.host)}:${server.port}/`, {
    ...limits(timeoutMs),
    ...identity(server, login),
    appName,
  });

  const translated = async <T>(signal: AbortSignal, deadline: AbortSignal, operation: () => Promise<T>): Promise<T> => {
    try {
      return await operation();
    } catch (error) {
      signal.throwIfAborted();
      throw mongoFault(error, { address, loggedIn: login !== undefined, deadline, timeoutMs });
    }
  };

  let closed = false;
  const connected = async (signal: AbortSignal): Promise<MongoClient> => {
    if (closed) throw new Error('the connection is closed');
    await connectWithin(client, signal);
    return client;
  };

  return {
    ask(signal, operation) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const maxTimeMS = Math.max(1, Math.floor(timeoutMs * SERVER_SHARE));
      const either = AbortSignal.any([signal, deadline]);
      return translated(signal, deadline, async () =>
        operation(await connected(either), { signal: either, maxTimeMS }),
      );
    },
    stream: (signal, operation) =>
      translated(signal, new AbortController().signal, async () => operation(await connected(signal), { signal })),
    [Symbol.asyncDispose]() {
      closed = true;
      return closeWithin(client, CLOSE_WITHIN_MS);
    },
  };
}

/**
 * A client of the driver comes back after an outage by itself, but not where its very first connection has failed: no operation
 * tries that again. Costs nothing where it is connected.
 */
async function connectWithin(client: MongoClient, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  using _ = addAbortListener(signal, () => reject(signal.reason));
  await Promise.race([client.connect(), aborted]);
}

const atMost = (ms: number, timeoutMs: number): number => Math.min(ms, timeoutMs);

function limits(timeoutMs: number): MongoClientOptions {
  return {
    serverSelectionTimeoutMS: atMost(2_000, timeoutMs),
    connectTimeoutMS: atMost(2_000, timeoutMs),
    socketTimeoutMS: timeoutMs,
    // A busy host makes a look wait for a connection that another one has: as long as it may take itself.
    waitQueueTimeoutMS: timeoutMs,
    maxPoolSize: 3,
    retryReads: false,
    retryWrites: false,
  };
}

/** Without a replica set this one server is meant, whatever it says about others. */
function identity(server: MongoServer, login: MongoLogin | undefined): MongoClientOptions {
  return {
    ...(server.replicaSet === undefined ? { directConnection: true } : { replicaSet: server.replicaSet }),
    tls: server.tls,
    ...(login && {
      auth: { username: login.user, password: login.password.reveal() },
      authSource: login.authSource,
    }),
  };
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The driver says goodbye to the server, which may be the one that hangs. */
async function closeWithin(client: MongoClient, ms: number): Promise<void> {
  const tooLong = new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
  await Promise.race([client.close().catch(() => {}), tooLong]);
}
