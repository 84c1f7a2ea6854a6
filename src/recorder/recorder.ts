import type { DatabaseSync } from 'node:sqlite';
import { type Observation, observation, type ProbeName, probeName } from '../model/observation.ts';
import { connectRecorder, isDamaged, isFull, moveAside } from './file.ts';
import { capFile, dropOldest, prune } from './pruning.ts';

/**
 * What the probes saw, on disk, so that windows survive a restart. Bounded in bytes and age.
 * Nothing here throws for trouble with the disk: looking goes on, and what is lost is counted.
 */
export interface Recorder extends Disposable {
  record(observations: readonly Observation[]): void;
  /** Observations made at or after `at`, in the order in which they were recorded; of some probes only, where they are named. */
  since(at: number, probes?: readonly ProbeName[]): Observation[];
  /** The last observation of each probe, also while the disk is in trouble. */
  latest(): ReadonlyMap<ProbeName, Observation>;
  /** Observations that did not reach the disk since the start. */
  readonly dropped: number;
  /** Why the last write failed; absent where it did not. */
  readonly trouble: string | undefined;
}

export interface RecorderOptions {
  readonly file: string;
  /** Upper bound of the file; the write-ahead log beside it takes about 1 MiB more. */
  readonly limitBytes: number;
  /** Observations this much older than the newest one are forgotten. */
  readonly maxAgeMs?: number;
}

const sevenDays = 7 * 24 * 3_600_000;
const leastBatch = 200;

export const openRecorder = ({ file, limitBytes, maxAgeMs = sevenDays }: RecorderOptions): Recorder =>
  new SqliteRecorder(file, { limitBytes, maxAgeMs });

class SqliteRecorder implements Recorder {
  readonly #file: string;
  readonly #bounds: { limitBytes: number; maxAgeMs: number };
  readonly #latest = new Map<ProbeName, Observation>();
  #database: DatabaseSync | undefined;
  #closed = false;
  #dropped = 0;
  #trouble: string | undefined;

  constructor(file: string, bounds: { limitBytes: number; maxAgeMs: number }) {
    this.#file = file;
    this.#bounds = bounds;
    this.#attempt((database) => {
      for (const seen of probeName.options.flatMap((probe) => lastOf(database, probe)))
        this.#latest.set(seen.probe, seen);
    });
  }

  get dropped(): number {
    return this.#dropped;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  record(observations: readonly Observation[]): void {
    if (observations.length === 0) return;
    for (const seen of observations) this.#latest.set(seen.probe, seen);
    // More than came in, so that a full file gets smaller.
    const batch = Math.max(leastBatch, observations.length * 2);
    if (this.#attempt((database) => store(database, observations, batch))) this.#trouble = undefined;
    else this.#dropped += observations.length;
    const newest = Math.max(...observations.map(({ at }) => at));
    if (this.#database) this.#attempt((database) => prune(database, this.#bounds, newest, batch));
  }

  since(at: number, probes: readonly ProbeName[] = probeName.options): Observation[] {
    const found: Observation[] = [];
    const select = `SELECT body FROM observations WHERE at >= ? AND probe IN (${probes.map(() => '?')}) ORDER BY id`;
    this.#attempt((database) => {
      for (const row of database.prepare(select).iterate(at, ...probes)) found.push(...readable(row));
    });
    return found;
  }

  latest(): ReadonlyMap<ProbeName, Observation> {
    return this.#latest;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#close();
  }

  /** True where it worked. After trouble the next attempt starts from a fresh connection. */
  #attempt(use: (database: DatabaseSync) => void): boolean {
    try {
      use(this.#connected());
      return true;
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      this.#close();
      if (isDamaged(error)) this.#setAside();
      return false;
    }
  }

  #setAside(): void {
    try {
      moveAside(this.#file);
    } catch (error) {
      this.#trouble = `${this.#trouble}; it cannot be moved aside: ${error instanceof Error ? error.message : error}`;
    }
  }

  #connected(): DatabaseSync {
    if (this.#closed) throw new Error('the recorder is closed');
    if (!this.#database) {
      this.#database = connectRecorder(this.#file);
      capFile(this.#database, this.#bounds);
    }
    return this.#database;
  }

  #close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}

function store(database: DatabaseSync, observations: readonly Observation[], batch: number): void {
  try {
    inTransaction(database, () => insert(database, observations));
  } catch (error) {
    if (!isFull(error)) throw error;
    inTransaction(database, () => dropOldest(database, batch));
    inTransaction(database, () => insert(database, observations));
  }
}

function insert(database: DatabaseSync, observations: readonly Observation[]): void {
  const statement = database.prepare('INSERT INTO observations (at, probe, body) VALUES (?, ?, ?)');
  for (const seen of observations) statement.run(seen.at, seen.probe, JSON.stringify(seen));
}

function inTransaction(database: DatabaseSync, change: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    change();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function lastOf(database: DatabaseSync, probe: ProbeName): Observation[] {
  const row = database.prepare('SELECT body FROM observations WHERE probe = ? ORDER BY id DESC LIMIT 1').get(probe);
  return row ? readable(row) : [];
}

/** Nothing where it is damaged, or another version wrote it in another shape. */
function readable(row: Record<string, unknown>): Observation[] {
  try {
    return [observation.parse(JSON.parse(String(row.body)))];
  } catch {
    return [];
  }
}
