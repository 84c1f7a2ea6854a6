import type { Blindness } from '../model/blindness.ts';
import type { Decision } from '../model/decision.ts';

/** The present, as far as the journal cannot know it. */
export interface Outlook {
  readonly decision: Decision;
  readonly now: number;
  /** Hash of the rollback plan as it would run now; absent while none can be made. */
  readonly planHash: string | undefined;
  /** Probes that have proven nothing for long. */
  readonly blind?: readonly Blindness[];
}
