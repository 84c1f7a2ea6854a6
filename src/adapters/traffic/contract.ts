export interface TrafficState {
  readonly shows: 'application' | 'maintenance';
}

/**
 * The balancer in front of the target. Both writes are idempotent; that they are in force is proven by the caller, by asking
 * through it (`switch.ts` says how).
 * Errors: RollbackdError with reason `traffic`.
 */
export interface TrafficAdapter {
  /** Answers every request with the maintenance status from now on. */
  showMaintenance(): Promise<void>;
  /** Hands requests to the application again. */
  serve(): Promise<void>;
  /** What is wanted right now; whether it is in force, only asking tells. */
  state(): Promise<TrafficState>;
  /** As showing maintenance, but for one path of rollbackd's own: users notice nothing. */
  tryMaintenance<T>(whileTried: () => Promise<T>): Promise<T>;
  describe(what: 'showMaintenance' | 'serve'): string[];
}
