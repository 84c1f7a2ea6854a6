import type { Blindness } from '../model/blindness.ts';
import type { Decision } from '../model/decision.ts';
import type { PlanOutline } from '../model/plan-outline.ts';

/** The present, as far as the journal cannot know it. */
export interface Outlook {
  readonly decision: Decision;
  readonly now: number;
  /** Of the migration that is looked after. */
  readonly cutoverAt?: number | undefined;
  /** Hash of the rollback plan as it would run now; absent while none can be made. */
  readonly planHash: string | undefined;
  /** Of that plan. */
  readonly plan?: PlanOutline | undefined;
  /** Who is told first when a deadline passes. */
  readonly escalation?: readonly string[] | undefined;
  /** Trouble that comes back within so long after it ended is the same, and asked about no more than once in that time. An hour where it is not given. */
  readonly flapping?: { readonly within: number } | undefined;
  /** Probes that have proven nothing for long. */
  readonly blind?: readonly Blindness[];
}
