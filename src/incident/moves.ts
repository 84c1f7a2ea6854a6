import { never } from '../core/errors.ts';
import type { Quorum } from '../model/approval.ts';
import type { Decision } from '../model/decision.ts';
import type { Authority, EventBody, EventOf } from '../model/event.ts';
import { type MessageIdentity, messageId } from '../model/message-identity.ts';
import type { Mode } from '../model/mode.ts';
import type { PlanOutline } from '../model/plan-outline.ts';
import type { News } from './news.ts';

/** One thing that the engine should do now. Each is journalled before its effect, so that it is never derived twice. */
export type Move =
  /** -> incident.opened and incident.decided (revision 1) in one append. */
  | {
      readonly kind: 'open-incident';
      readonly decision: Decision;
      readonly evidenceHash: string;
      /** How often the same trouble has come back. */
      readonly returns?: number;
      /** People were told of all of it lately. */
      readonly quiet?: boolean;
    }
  /** -> incident.decided. */
  | {
      readonly kind: 'record-decision';
      readonly incident: string;
      readonly revision: number;
      readonly decision: Decision;
      readonly evidenceHash: string;
      readonly why: News;
      readonly quiet?: boolean;
    }
  /** -> run.started with a plan of kind containment. */
  | { readonly kind: 'contain'; readonly incident: string; readonly authority: Exclude<Authority, { by: 'person' }> }
  /** -> run.started with a plan of kind rollback; under an approval its hash must be `planHash`. */
  | {
      readonly kind: 'start-rollback';
      readonly incident: string;
      readonly authority: Exclude<Authority, { by: 'person' }>;
      readonly planHash: string | undefined;
    }
  /** -> approval.requested. */
  | {
      readonly kind: 'request-approval';
      readonly incident: string;
      readonly revision: number;
      readonly planHash: string;
      readonly evidenceHash: string;
      readonly quorum: Quorum;
      readonly deadline: number | undefined;
      /** Of the plan with that hash, as people should see it. */
      readonly plan?: PlanOutline | undefined;
      /** People were asked the same lately. */
      readonly quiet?: boolean;
    }
  /** -> incident.cleared. */
  | { readonly kind: 'note-clear'; readonly incident: string }
  /** -> incident.returned. */
  | { readonly kind: 'note-return'; readonly incident: string }
  | { readonly kind: 'withdraw'; readonly incident: string; readonly reason: string }
  | {
      readonly kind: 'close';
      readonly incident: string;
      readonly outcome: EventOf<'incident.closed'>['outcome'];
      readonly reason: string;
    }
  /** -> mode.changed: what was armed until then no longer is. */
  | { readonly kind: 'end-arming'; readonly mode: Exclude<Mode, 'armed'>; readonly reason: string }
  /** -> watch.started; how long is configuration. */
  | { readonly kind: 'start-watch'; readonly run: string }
  /** -> watch.found. */
  | { readonly kind: 'record-finding'; readonly run: string; readonly finding: string }
  /** -> watch.closed with a summary. */
  | { readonly kind: 'close-watch'; readonly run: string }
  /** -> message.queued under this identity, which keeps it from being said twice. */
  | {
      readonly kind: 'tell';
      readonly identity: MessageIdentity;
      readonly subject: string;
      readonly text: string;
      readonly urgency: EventOf<'message.queued'>['urgency'];
    };

/** Moves that are nothing but events: `eventsOf` gives them. The others begin a run or a watch, which the engine builds. */
export type WrittenMove = Exclude<Move, { kind: 'contain' | 'start-rollback' | 'start-watch' | 'close-watch' }>;

export function eventsOf(move: WrittenMove, newIncident: string): EventBody[] {
  switch (move.kind) {
    case 'open-incident':
      return opened(move, newIncident);
    case 'record-decision': {
      const { incident, revision, evidenceHash, decision, quiet } = move;
      return [{ kind: 'incident.decided', incident, revision, evidenceHash, decision, ...(quiet && { quiet }) }];
    }
    case 'request-approval': {
      const { incident, revision, planHash, evidenceHash, quorum, deadline, plan, quiet } = move;
      const subject = { incident, revision, planHash, evidenceHash };
      const known = { ...(deadline !== undefined && { deadline }), ...(plan && { plan }), ...(quiet && { quiet }) };
      return [{ kind: 'approval.requested', ...subject, quorum, ...known }];
    }
    case 'note-clear':
      return [{ kind: 'incident.cleared', incident: move.incident }];
    case 'note-return':
      return [{ kind: 'incident.returned', incident: move.incident }];
    case 'withdraw':
      return [{ kind: 'incident.withdrawn', incident: move.incident, reason: move.reason }];
    case 'close':
      return [{ kind: 'incident.closed', incident: move.incident, outcome: move.outcome, reason: move.reason }];
    case 'end-arming':
      return [{ kind: 'mode.changed', mode: move.mode, person: 'rollbackd', reason: move.reason }];
    case 'record-finding':
      return [{ kind: 'watch.found', run: move.run, finding: move.finding }];
    case 'tell': {
      const { identity, subject, text, urgency } = move;
      return [{ kind: 'message.queued', message: messageId(identity), subject, text, urgency }];
    }
    default:
      return never(move);
  }
}

function opened(move: Extract<Move, { kind: 'open-incident' }>, incident: string): EventBody[] {
  const { decision, evidenceHash, returns = 0, quiet } = move;
  const { criterion, tier, tenants } = decision;
  if (!criterion || !tier) return [];
  return [
    { kind: 'incident.opened', incident, criterion, tier, tenants, ...(returns > 0 && { returns }) },
    { kind: 'incident.decided', incident, revision: 1, evidenceHash, decision, ...(quiet && { quiet }) },
  ];
}
