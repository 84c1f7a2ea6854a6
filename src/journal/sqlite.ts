import { closeSync, openSync, rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../core/clock.ts';
import type { EventBody, EventKind, JournalEvent } from '../model/event.ts';
import type { JournalMark } from '../model/journal-mark.ts';
import { type EventRow, eventOf, type Head, nextRow } from './chain.ts';
import { asJournalError } from './fault.ts';
import { type Connect, checkAfterCrash, connectAlone, ensureFile, tidyFile } from './file.ts';
import type { Journal, JournalError } from './journal.ts';
import { migrate } from './migrations.ts';
import { Standing } from './standing.ts';
import { checkChain, checkFile, storedEvents } from './stored-events.ts';

export interface JournalOptions {
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  /** A listener that throws has not undone the event; by default its error is an uncaught one. */
  readonly onListenerFault?: (fault: unknown) => void;
  /** Called at each write that fails: a full disk, most likely. */
  readonly onWriteFault?: () => void;
  readonly connect?: Connect;
}

/**
 * Opens the journal, or creates it; checks every event before the first is read. One that has lost what was written last is
 * opened, since looking and telling go on, and refuses every write. Errors: JournalError.
 */
export function openJournal(options: JournalOptions): SqliteJournal {
  const { file, connect = connectAlone } = options;
  ensureFile(file);
  checkAfterCrash(file);
  let database: DatabaseSync | undefined;
  try {
    database = connect(file);
    checkFile(database, file);
    tidyFile(file);
    migrate(database);
    const head = checkChain(database, file);
    return new SqliteJournal(options, database, head);
  } catch (error) {
    database?.close();
    throw asJournalError(error, file);
  }
}

function throwLater(fault: unknown): void {
  queueMicrotask(() => {
    throw fault;
  });
}

/** As much as a whole run writes: less room than this is as good as none. */
const roomForARun = 256 * 1024;

/** What comes after these builds on them: they leave the write-ahead log, whose damaged end would be none to SQLite. */
const milestones: ReadonlySet<EventKind> = new Set<EventKind>([
  'run.started',
  'step.succeeded',
  'step.failed',
  'run.finished',
]);

export class SqliteJournal implements Journal {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #insert: StatementSync;
  readonly #hashAt: StatementSync;
  readonly #standing: Standing;
  readonly #onListenerFault: (fault: unknown) => void;
  readonly #listeners: ((event: JournalEvent) => void)[] = [];
  readonly #undelivered: JournalEvent[] = [];
  #head: Head;
  #delivering = false;

  constructor(options: JournalOptions, database: DatabaseSync, head: Head) {
    this.file = options.file;
    this.#database = database;
    this.#clock = options.clock;
    this.#head = head;
    this.#onListenerFault = options.onListenerFault ?? throwLater;
    this.#insert = database.prepare(
      'INSERT INTO events (seq, at, kind, body, previous, hash) VALUES ($seq, $at, $kind, $body, $previous, $hash)',
    );
    this.#hashAt = database.prepare('SELECT hash FROM events WHERE seq = ?');
    this.#standing = new Standing({
      file: options.file,
      head: () => this.#head,
      hashAt: (seq) => this.#hashAt.get(seq)?.hash as string | undefined,
      onRefusal: options.onWriteFault ?? (() => {}),
    });
  }

  get writable(): boolean {
    return this.refusal === undefined;
  }

  get refusal(): JournalError | undefined {
    return this.#standing.refusal;
  }

  get head(): JournalMark {
    return this.#head;
  }

  holds({ seq, hash }: JournalMark): boolean {
    return this.#hashAt.get(seq)?.hash === hash;
  }

  append(...bodies: EventBody[]): JournalEvent[] {
    const at = this.#clock.now();
    const rows: EventRow[] = [];
    for (const body of bodies) rows.push(nextRow(rows.at(-1) ?? this.#head, at, body));
    this.#write(() => {
      for (const row of rows) this.#insert.run({ ...row });
    });
    this.#head = rows.at(-1) ?? this.#head;
    this.#standing.mark();
    if (bodies.some(({ kind }) => milestones.has(kind))) this.#checkpoint();
    const events = rows.map(eventOf);
    this.#deliver(events);
    return events;
  }

  *read(): Generator<JournalEvent> {
    try {
      yield* storedEvents(this.#database, this.file);
    } catch (error) {
      throw asJournalError(error, this.file);
    }
  }

  subscribe(listener: (event: JournalEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Writes and removes a filler: true where the disk has room for a run's events again. */
  probeWritable(): boolean {
    try {
      this.#write(() =>
        this.#database.prepare('INSERT OR REPLACE INTO filler (id, bytes) VALUES (1, zeroblob(?))').run(roomForARun),
      );
      this.#write(() => this.#database.exec('DELETE FROM filler'));
      this.#standing.mark();
    } catch {
      // `refusal` says it.
    }
    return this.writable;
  }

  /** Whether it can be written as far as is known; that its file is no longer there shows at no write. */
  look(): boolean {
    return this.writable && !this.#standing.isGone();
  }

  /** A sound copy in one file, taken while the journal is in use. `to` must not exist. */
  copyTo(to: string): void {
    try {
      closeSync(openSync(to, 'wx', 0o600));
    } catch (error) {
      throw asJournalError(error, to);
    }
    try {
      this.#database.prepare('VACUUM INTO ?').run(to);
    } catch (error) {
      rmSync(to, { force: true });
      throw asJournalError(error, to);
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #write(change: () => void): void {
    try {
      this.#standing.requireWhole();
      this.#database.exec('BEGIN IMMEDIATE');
      change();
      this.#database.exec('COMMIT');
      this.#standing.written();
    } catch (error) {
      this.#rollBack();
      throw this.#standing.refused(error);
    }
  }

  /** Whatever of it fails is in the log still. */
  #checkpoint(): void {
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.#standing.refused(error);
    }
  }

  /** SQLite has rolled back by itself after most failures, but not after all. */
  #rollBack(): void {
    if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  /** In order for every listener, even where one of them appends. */
  #deliver(events: JournalEvent[]): void {
    this.#undelivered.push(...events);
    if (this.#delivering) return;
    this.#delivering = true;
    for (let event = this.#undelivered.shift(); event; event = this.#undelivered.shift()) this.#tell(event);
    this.#delivering = false;
  }

  #tell(event: JournalEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (fault) {
        this.#onListenerFault(fault);
      }
    }
  }
}
