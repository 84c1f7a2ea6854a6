import { RollbackdError } from '../core/errors.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { JournalMark } from '../model/journal-mark.ts';

/**
 * The daemon's memory: append-only, hash-chained, on the disk before `append` returns.
 * One process holds it at a time. Errors: JournalError.
 */
export interface Journal extends Disposable {
  /** Several bodies are one transaction: all or none are remembered. */
  append(...bodies: EventBody[]): JournalEvent[];
  /** All events in order. */
  read(): Iterable<JournalEvent>;
  /** How far it has come. */
  readonly head: JournalMark;
  /** Whether it has come so far, and by the same way. */
  holds(mark: JournalMark): boolean;
  /** Called with each event after it is on the disk. */
  subscribe(listener: (event: JournalEvent) => void): void;
  /** False after a failed write (disk full): the daemon then looks on but does not act. */
  readonly writable: boolean;
  /** Why the last write was refused; the daemon tells people of what does not pass by itself. */
  readonly refusal?: JournalError | undefined;
}

export type JournalFault = 'held' | 'newer-schema' | 'corrupted' | 'not-writable' | 'behind' | 'gone';
/** What `append` refuses with; nothing was written then. */
const refusals: ReadonlySet<string> = new Set<JournalFault>(['not-writable', 'behind', 'gone']);

/** Whether it is the journal that takes nothing, now. */
export const isRefusal = (fault: unknown): fault is JournalError =>
  fault instanceof RollbackdError && refusals.has(fault.reason);

export type JournalError = RollbackdError<JournalFault>;
