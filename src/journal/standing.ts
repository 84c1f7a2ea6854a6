import { RollbackdError } from '../core/errors.ts';
import type { Head } from './chain.ts';
import { asJournalError, journalError } from './fault.ts';
import { identityOf } from './file.ts';
import type { JournalError } from './journal.ts';
import { whyBehind, writeMark } from './mark.ts';

export interface StandingOptions {
  readonly file: string;
  readonly head: () => Head;
  readonly hashAt: (seq: number) => string | undefined;
  /** Called at each write that fails. */
  readonly onRefusal: () => void;
}

/** Whether the journal may be written to now, and what keeps it from that. */
export class Standing {
  readonly #options: StandingOptions;
  readonly #identity: string | undefined;
  #refusal: JournalError | undefined;

  constructor(options: StandingOptions) {
    this.#options = options;
    this.#identity = identityOf(options.file);
    this.#refusal = this.#behind();
    if (!this.#refusal) this.mark();
  }

  get refusal(): JournalError | undefined {
    return this.#refusal;
  }

  /** That the file is no longer there shows at no write: SQLite goes on with what has no name. */
  isGone(): boolean {
    return identityOf(this.#options.file) !== this.#identity;
  }

  /** Errors: JournalError `gone`, or `behind` for as long as nobody has put it right. */
  requireWhole(): void {
    if (this.isGone()) throw journalError('gone', this.#options.file);
    const behind = this.#refusal?.reason === 'behind' ? this.#behind() : undefined;
    if (behind) throw behind;
  }

  written(): void {
    this.#refusal = undefined;
  }

  refused(error: unknown): unknown {
    const { file, onRefusal } = this.#options;
    const known = asJournalError(error, file);
    this.#refusal = isJournalError(known) ? known : journalError('not-writable', file, undefined, known);
    onRefusal();
    return known;
  }

  /** What is written stays written where this fails: only the mark is behind then, and acting waits until it is not. */
  mark(): void {
    try {
      writeMark(this.#options.file, this.#options.head());
    } catch (error) {
      this.refused(error);
    }
  }

  #behind(): JournalError | undefined {
    const { file, head, hashAt } = this.#options;
    const why = whyBehind(file, head(), hashAt);
    return why === undefined ? undefined : journalError('behind', file, why);
  }
}

/** The room throws no other kind: whatever is none of ours came out of a change that could not be made. */
const isJournalError = (error: unknown): error is JournalError => error instanceof RollbackdError;
