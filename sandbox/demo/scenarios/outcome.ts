import type { LeakTimes, TenantCounts } from '../../oracle/verdict.ts';
import type { Status } from '../status.ts';

/** What a scenario has shown. It succeeded only where nothing is amiss. */
export interface Outcome {
  readonly amiss: readonly string[];
  /** Why nothing could be shown here. */
  readonly skipped?: string;
  readonly status: Status | undefined;
  readonly faultAt?: number;
  readonly leak?: LeakTimes;
  /** What was said in Slack about it. */
  readonly thread?: readonly string[];
  readonly perTenant: readonly TenantCounts[];
}
