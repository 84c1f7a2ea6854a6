export interface TenantCounts {
  readonly slug: string;
  /** Documents of this tenant in the seed. */
  readonly before: number;
  /** Those of them found equal, `_id` included, in its legacy database now. */
  readonly after: number;
  /** Documents that the traffic added since. */
  readonly added: number;
}

export interface OracleVerdict {
  readonly agrees: boolean;
  /** One sentence for everything that is wrong; empty when the oracle agrees. */
  readonly findings: readonly string[];
  readonly perTenant: readonly TenantCounts[];
}

/** Milliseconds since the epoch by the oracle's own clock; undefined: not seen yet. */
export interface LeakTimes {
  readonly startedAt: number;
  readonly firstLeakAt: number | undefined;
  readonly lastLeakAt: number | undefined;
  readonly leakedAnswers: number;
  /** First moments after the first leaked answer. */
  readonly noListenerAt: number | undefined;
  readonly noConnectionAt: number | undefined;
  readonly maintenanceSeenAt: number | undefined;
  /** All three at once. */
  readonly containedAt: number | undefined;
}

/** Watches every tenant's menu from before the fault. Disposing ends it. */
export interface LeakClock extends AsyncDisposable {
  times(): LeakTimes;
  /** Resolves at the first leaked answer to any client. */
  leaked(signal: AbortSignal): Promise<LeakTimes>;
  /** Resolves when the application is seen stopped and the maintenance answer shown, after a leak. */
  contained(signal: AbortSignal): Promise<LeakTimes>;
}

export interface UntouchedOptions {
  /** False where the application itself is expected to be at fault (leaking or down): only what was not to be changed is looked at. Default: true. */
  readonly serves?: boolean;
  /** True where nobody may have stopped or started the application either. Default: false. */
  readonly sameProcesses?: boolean;
}

/** Judges from the seed, the ports and the credentials alone. */
export interface Oracle {
  startLeakClock(): Promise<LeakClock>;
  judgeRolledBack(): Promise<OracleVerdict>;
  judgeUntouched(options?: UntouchedOptions): Promise<OracleVerdict>;
}
