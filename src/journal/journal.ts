import type { RollbackdError } from '../core/errors.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';

/**
 * The daemon's memory: append-only, hash-chained, on the disk before `append` returns.
 * One process holds it at a time. Errors: JournalError.
 */
export interface Journal extends Disposable {
  /** Several bodies are one transaction: all or none are remembered. */
  append(...bodies: EventBody[]): JournalEvent[];
  /** All events in order. */
  read(): Iterable<JournalEvent>;
  /** Called with each event after it is on the disk. */
  subscribe(listener: (event: JournalEvent) => void): void;
  /** False after a failed write (disk full): the daemon then looks on but does not act. */
  readonly writable: boolean;
  /** Why the last write was refused; the daemon tells people of what does not pass by itself. */
  readonly refusal?: JournalError | undefined;
}

export type JournalFault = 'held' | 'newer-schema' | 'corrupted' | 'not-writable' | 'behind' | 'gone';
export type JournalError = RollbackdError<JournalFault>;
