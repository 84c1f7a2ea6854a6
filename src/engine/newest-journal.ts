import type { LeaseNotes } from '../adapters/mongo/contract.ts';
import type { RollbackdError } from '../core/errors.ts';
import { messageId } from '../model/message-identity.ts';
import type { Memory } from './memory.ts';

/** A leak goes on meanwhile. */
const answersWithin = 1_000;

/**
 * What the note on the target says of this daemon's journal. A copy that is older than what stands there does not know what was
 * done since: what it takes for the unified application may be the legacy one, with users in it.
 */
export class NewestJournal {
  readonly #lease: Pick<LeaseNotes, 'unknown'>;
  readonly #memory: Pick<Memory, 'state' | 'owe'>;
  #known: RollbackdError<'lease-held'> | undefined;

  constructor(lease: Pick<LeaseNotes, 'unknown'>, memory: Pick<Memory, 'state' | 'owe'>) {
    this.#lease = lease;
    this.#memory = memory;
  }

  /** Why this journal is not the newest; undefined where it is. Errors: those of MongoDB. */
  async unknown(signal: AbortSignal): Promise<RollbackdError<'lease-held'> | undefined> {
    this.#known = await this.#lease.unknown(signal);
    return this.#known;
  }

  /** A target that cannot be asked hinders nothing, unless it has said so before. Errors: RollbackdError `lease-held`. */
  async expect(signal: AbortSignal): Promise<void> {
    await this.unknown(AbortSignal.any([signal, AbortSignal.timeout(answersWithin)])).catch(() => {});
    signal.throwIfAborted();
    if (this.#known) throw this.#known;
  }

  /** The same, before the application is stopped for a leak: people hear once an incident that it is not. */
  async expectFor(incident: string, signal: AbortSignal): Promise<void> {
    await this.expect(signal).catch((fault: unknown) => {
      if (this.#known && fault === this.#known) this.#tell(incident, this.#known);
      throw fault;
    });
  }

  #tell(incident: string, { message: why, remedy }: RollbackdError): void {
    const topic = { kind: 'once', of: { what: 'containment-failed', which: 'journal' } } as const;
    const message = messageId({ about: 'incident', id: incident, topic });
    if (this.#memory.state().messages.has(message)) return;
    const subject = `${incident}: not contained, since the journal is not the one that was`;
    const text = `${why}. Nothing was stopped: look at what serves, and stop it by hand if it leaks. Then: ${remedy}`;
    this.#memory.owe({ kind: 'message.queued', message, subject, text, urgency: 'alarmed' });
  }
}
