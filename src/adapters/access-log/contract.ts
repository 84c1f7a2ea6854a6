/** One request as the balancer wrote it down when it was over. */
export interface AccessEntry {
  /** When it was over, epoch ms. */
  readonly at: number;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** False where the balancer answered by itself; unknown where the log does not tell. */
  readonly upstream: boolean | 'unknown';
  readonly agent: string;
  /** As the application was given it; empty where the log does not tell. */
  readonly tenant: string;
}

/** Reads an access log on, through rotation and truncation. Errors: RollbackdError with reason `log-unreadable`. */
export interface AccessLog {
  /**
   * What has been written since the last call; the first one begins at the end. Lines that are no requests are passed over,
   * but where all are for long, the log is unreadable. Returns, in words, what about the log is hardly meant so.
   */
  readOn(onEntry: (entry: AccessEntry) => void): Promise<readonly string[]>;
  /**
   * What is there already from before the moment, rotated files too (not the compressed ones): where that is more than so
   * many bytes, a sample spread evenly over all of that.
   */
  readBefore(moment: number, mostBytes: number, onEntry: (entry: AccessEntry) => void): Promise<void>;
}
