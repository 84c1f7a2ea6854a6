/**
 * The balancer in front of the target. Both writes are idempotent; "applied" is proven by the caller, by asking through it.
 * Errors: RollbackdError with reason `traffic`.
 */
export interface TrafficAdapter {
  /** Answers every request with the maintenance status from now on. */
  showMaintenance(signal: AbortSignal): Promise<void>;
  /** Hands requests to the application again. */
  serve(signal: AbortSignal): Promise<void>;
  /** What is configured right now, read from where the balancer reads it. */
  state(): Promise<'serving' | 'maintenance'>;
  describe(what: 'showMaintenance' | 'serve'): string[];
}
