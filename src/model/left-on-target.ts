/**
 * What one daemon has left on the target and no other must act over, told to them beside the lease:
 * a rollback that is under way or has failed half-way, an application stopped for a leak, or users back on the legacy databases.
 */
export interface LeftOnTarget {
  readonly run: string;
  readonly state: 'unfinished' | 'contained' | 'rolled-back';
  readonly since: number;
  /** The cut-over that was rolled back from. */
  readonly cutoverAt?: number | undefined;
}
