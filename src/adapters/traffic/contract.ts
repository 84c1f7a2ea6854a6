/** On every maintenance answer of ours, with a value of its own each time. */
export const maintenanceHeader = 'X-Rollbackd-Maintenance';

/** What every maintenance answer of the balancer carries and no answer of the application does: a 503 alone may be the application's own. */
export interface MaintenanceMarker {
  readonly header: string;
  /** Another one each time that maintenance is shown: an answer that some cache kept from an earlier one is not this one. */
  readonly value: string;
}

export type TrafficState =
  | { readonly shows: 'application' }
  /** Without a marker where a person wrote it: it cannot be told from the application's own answer. */
  | { readonly shows: 'maintenance'; readonly marker?: MaintenanceMarker };

/**
 * The balancer in front of the target. Both writes are idempotent; "applied" is proven by the caller, by asking through it.
 * Errors: RollbackdError with reason `traffic`.
 */
export interface TrafficAdapter {
  /** Answers every request with the maintenance status and a marker from now on. */
  showMaintenance(signal: AbortSignal): Promise<void>;
  /** Hands requests to the application again. */
  serve(signal: AbortSignal): Promise<void>;
  /** What is configured right now, read from where the balancer reads it; whether it is in force, only asking tells. */
  state(): Promise<TrafficState>;
  describe(what: 'showMaintenance' | 'serve'): string[];
}
