import type { Quorum } from '../model/approval.ts';
import type { Decision } from '../model/decision.ts';
import type { Authority, EventOf } from '../model/event.ts';

/** One thing that the engine should do now. Each is journalled before its effect, so that it is never derived twice. */
export type Move =
  /** -> incident.opened and incident.decided (revision 1) in one append. */
  | { readonly kind: 'open-incident'; readonly decision: Decision; readonly evidenceHash: string }
  /** -> incident.decided. */
  | {
      readonly kind: 'record-decision';
      readonly incident: string;
      readonly revision: number;
      readonly decision: Decision;
      readonly evidenceHash: string;
      readonly why: string;
    }
  /** -> run.started with a plan of kind containment and authority daemon. */
  | { readonly kind: 'contain'; readonly incident: string }
  /** -> run.started with a plan of kind rollback; under an approval its hash must be `planHash`. */
  | {
      readonly kind: 'start-rollback';
      readonly incident: string;
      readonly authority: Exclude<Authority, { by: 'person' }>;
      readonly planHash: string | undefined;
    }
  /** -> approval.requested with the hash of the plan as it would run now. */
  | {
      readonly kind: 'request-approval';
      readonly incident: string;
      readonly revision: number;
      readonly evidenceHash: string;
      readonly quorum: Quorum;
      readonly deadline: number | undefined;
    }
  | { readonly kind: 'withdraw'; readonly incident: string; readonly reason: string }
  | {
      readonly kind: 'close';
      readonly incident: string;
      readonly outcome: EventOf<'incident.closed'>['outcome'];
      readonly reason: string;
    }
  /** -> watch.started; how long is configuration. */
  | { readonly kind: 'start-watch'; readonly run: string }
  | { readonly kind: 'record-finding'; readonly run: string; readonly finding: string }
  /** -> watch.closed with a summary. */
  | { readonly kind: 'close-watch'; readonly run: string }
  /** -> message.queued under this very id, which is what keeps it from being said twice. */
  | {
      readonly kind: 'tell';
      readonly message: string;
      readonly subject: string;
      readonly text: string;
      readonly urgency: EventOf<'message.queued'>['urgency'];
    };
