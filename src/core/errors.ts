export interface ErrorDetails {
  /** What the person in front of it should do next. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * An expected failure: says what happened, where, and what to do next.
 * `reason` comes from a small fixed set of its room, since it becomes a metric label.
 */
export class RollbackdError<Reason extends string = string> extends Error {
  readonly reason: Reason;
  readonly remedy: string | undefined;

  constructor(reason: Reason, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'RollbackdError';
    this.reason = reason;
    this.remedy = details.remedy;
  }
}

/** The message of whatever was thrown, with its remedy, on one line. */
export function explain(thrown: unknown): string {
  if (thrown instanceof RollbackdError && thrown.remedy) return `${asSentence(thrown.message)} Next: ${thrown.remedy}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

const asSentence = (message: string): string => (/[.!?:]$/.test(message) ? message : `${message}.`);

/** For `switch` over a closed union: the compiler proves that every case is there. */
export function never(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
