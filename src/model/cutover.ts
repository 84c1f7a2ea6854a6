/** A rollback as far as it matters to whether another cut-over came after it. */
interface Past {
  readonly startedAt: number;
  /** The cut-over that it rolled back from; older journals do not say. */
  readonly cutoverAt?: number | undefined;
}

/**
 * Whether a rollback belongs to an earlier migration: another cut-over came after it, and has come. One that is still to come
 * puts nothing behind us, and neither does the very one that was rolled back from, which was written too late then.
 */
export const isSuperseded = (past: Past, cutoverAt: number, now: number): boolean =>
  past.startedAt < cutoverAt && cutoverAt <= now && past.cutoverAt !== cutoverAt;
