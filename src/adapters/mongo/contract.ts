import type { RollbackdError } from '../../core/errors.ts';
import type { IndexDefinition, Totals } from '../../model/backup.ts';
import type { LeftOnTarget } from '../../model/left-on-target.ts';
import type { Obstacle } from '../../model/obstacle.ts';

export interface CollectionState extends Totals {
  readonly collection: string;
  readonly indexes: readonly IndexDefinition[];
  /** Absent where there are none. A view has nothing but these. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Write lock counts per namespace as `top` shows them, with what tells a restart of mongod. */
export interface ActivityCounters {
  readonly serverPid: number;
  readonly uptimeMs: number;
  /** Per database, summed over its collections. */
  readonly reads: Readonly<Record<string, number>>;
  /** The same per collection: database -> collection -> how often it was read. */
  readonly readsWithin: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly writes: Readonly<Record<string, number>>;
}

export interface ServerIdentity {
  /** Of the running process: the same at two addresses only where they lead to one. */
  readonly process: string;
  /** Name of its replica set. */
  readonly replicaSet: string | undefined;
  /** A mongos, which holds no data itself. */
  readonly router: boolean;
}

export interface DiskSpace {
  readonly free: number;
  readonly total: number;
}

/** On which of the two servers: they may hold databases of one name. */
export type Side = 'unified' | 'legacy';

export interface WritesSince {
  /** `undefined`: cannot be counted. */
  readonly inserts: number | undefined;
  readonly updates: number | undefined;
  readonly deletes: number | undefined;
  readonly perTenant: Readonly<Record<string, number>>;
  /** Why a number is missing, in words. */
  readonly uncountable?: readonly string[];
}

/**
 * Read access to one MongoDB server, with short time-outs and no retries, as the observer.
 * Errors: RollbackdError with reason `unreachable`, `login-refused` or `operation-failed`.
 */
export interface MongoReader extends AsyncDisposable {
  ping(signal: AbortSignal): Promise<{ writable: boolean; connections: { current: number; available: number } }>;
  databaseNames(signal: AbortSignal): Promise<string[]>;
  /**
   * Counts, bytes and order-free digest of every collection, or of those that are named, as backup/ computes them offline; views,
   * but no time series.
   */
  databaseState(database: string, signal: AbortSignal, named?: readonly string[]): Promise<CollectionState[]>;
  /** How many documents each collection has, as the server keeps count: none is read. */
  documentCounts(database: string, signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
  /** Of every collection, without a look at its documents. */
  indexes(database: string, signal: AbortSignal): Promise<Pick<CollectionState, 'collection' | 'indexes'>[]>;
  /** Names of the time series, which the users of rollbackd cannot dump. */
  timeSeries(database: string, signal: AbortSignal): Promise<string[]>;
  activity(signal: AbortSignal): Promise<ActivityCounters>;
  /** Who is connected, as name and address: not rollbackd itself, and each once. */
  clients(signal: AbortSignal): Promise<string[]>;
  /** `find` on one collection; at most `limit` documents. */
  find(
    namespace: { database: string; collection: string },
    filter: Record<string, unknown>,
    options: { fields: readonly string[]; limit: number },
    signal: AbortSignal,
  ): Promise<Record<string, unknown>[]>;
  collectionNames(database: string, signal: AbortSignal): Promise<string[]>;
  count(
    namespace: { database: string; collection: string },
    filter: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<number>;
  /** Who answers: to tell two servers apart, whatever their addresses are. */
  identity(signal: AbortSignal): Promise<ServerIdentity>;
  /** Of the disk that the server stores this database on; undefined where it does not say, as for one that it does not hold. */
  diskSpace(database: string, signal: AbortSignal): Promise<DiskSpace | undefined>;
  /** Logical size of a database's data in bytes. */
  dataSize(database: string, signal: AbortSignal): Promise<number>;
}

export interface DumpSource {
  readonly side: Side;
  readonly database: string;
  /** Collections that are left out. */
  readonly without?: readonly string[];
}

/** What one mongodump or mongorestore call says it did, line by line, already checked against the success rule's first half. */
export interface DumpReport {
  readonly documents: Readonly<Record<string, number>>;
}
export interface RestoreReport {
  readonly restored: Readonly<Record<string, number>>;
  readonly failed: number;
}

/**
 * mongodump and mongorestore. Passwords travel in a 0600 file that is removed afterwards; never on a command line.
 * Errors: RollbackdError with reason `tool-failed`, `tool-silent` (rc 0 without the expected lines), `forbidden-database`.
 */
export interface MongoTools {
  /** Why they could not be used: each must say that it is the program it is taken for. */
  obstacles(signal: AbortSignal): Promise<Obstacle[]>;
  dump(source: DumpSource, into: string, signal: AbortSignal): Promise<DumpReport>;
  /** Restores one database of a dump root under its own name, each collection dropped just before. Refuses names outside the scope. */
  restore(
    request: { root: string; gzip: boolean; database: string; collections?: readonly string[] },
    signal: AbortSignal,
  ): Promise<RestoreReport>;
  describeDump(source: DumpSource, into: string): string[];
  describeRestore(
    root: string,
    database: string,
    details?: { readonly gzip?: boolean; readonly collections?: readonly string[] },
  ): string[];
}

/** Index repair on legacy databases, as the restorer. */
export interface IndexBuilder {
  create(
    namespace: { database: string; collection: string },
    index: IndexDefinition,
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * The lease on the legacy server, without which no rollback is possible anyway: one daemon may start a run, and none while
 * something stands there that another one left, or that stands there under its name and its journal does not know.
 * Errors: RollbackdError with reason `lease-held`.
 */
export interface Lease {
  /**
   * With `takeOver` a person has said that what another daemon left, and does not hold any more, is given up. With `epoch` it
   * is had only where nobody else has had it since: it counts who had it, one after the other.
   */
  acquire(
    ttlMs: number,
    signal: AbortSignal,
    options?: { readonly takeOver?: boolean; readonly epoch?: number | undefined },
  ): Promise<{ heldBy: string; mine: boolean; epoch: number }>;
  /** What was left stays noted. */
  release(signal: AbortSignal): Promise<void>;
}

/** What this daemon has left on the target, for the others to read. What another one left is never overwritten. */
export interface LeaseNotes {
  note(left: LeftOnTarget | undefined, signal: AbortSignal): Promise<void>;
  /** Why what stands there under its own name is none of its: its journal does not know of it. */
  unknown(signal: AbortSignal): Promise<RollbackdError<'lease-held'> | undefined>;
}
