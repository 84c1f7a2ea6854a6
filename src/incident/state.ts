import type { Approval, ApprovalSubject, Quorum } from '../model/approval.ts';
import type { Decision } from '../model/decision.ts';
import type { Authority } from '../model/event.ts';
import type { PlanOutline } from '../model/plan-outline.ts';
import type { Tier } from '../model/tier.ts';
import type { CriterionName } from '../model/verdict.ts';
import type { Told } from './told.ts';

/** The application stopped by us: `begun` while its run is under way, `released` by a person or by a finished rollback. */
export type Containment =
  | { readonly state: 'none' }
  | { readonly state: 'begun'; readonly run: string; readonly at: number }
  | { readonly state: 'proven'; readonly run: string; readonly at: number }
  | {
      readonly state: 'failed';
      readonly run: string;
      readonly at: number;
      readonly reason: string;
      /** The fence was proven all the same: it no longer leaks, and something else is missing. */
      readonly fenced: boolean;
      /** Who began to release it; that has not come to its end. */
      readonly releasingBy?: string | undefined;
    }
  | { readonly state: 'released'; readonly by: string; readonly at: number; readonly reason: string };

export interface ApprovalRequest extends ApprovalSubject {
  readonly quorum: Quorum;
  readonly requestedAt: number;
  readonly deadline?: number | undefined;
  readonly plan?: PlanOutline | undefined;
  /** People were asked the same lately: it calls nobody again. */
  readonly quiet?: boolean | undefined;
}

export interface TimelineEntry {
  readonly at: number;
  readonly text: string;
}

/** What was decided last and is frozen as evidence until news makes a new revision. */
export interface FrozenDecision {
  readonly revision: number;
  readonly evidenceHash: string;
  readonly decision: Decision;
  /** People were told of all of it lately: it calls nobody again. */
  readonly quiet?: boolean | undefined;
}

/** What every incident carries, whatever its status. */
export interface IncidentStory {
  readonly id: string;
  readonly openedAt: number;
  readonly criterion: CriterionName;
  readonly tier: Tier;
  /** Every tenant that was ever affected, in the order in which they turned up. */
  readonly tenants: readonly string[];
  readonly frozen: FrozenDecision | undefined;
  /** The newest question. What a person read under a revision is one plan alone. */
  readonly asked?: Pick<ApprovalSubject, 'revision' | 'planHash'> | undefined;
  /** What people have heard of in it: no news any more. */
  readonly known: { readonly criteria: readonly CriterionName[]; readonly leaked: readonly string[] };
  /** How often its trouble came back, over all incidents in a row; and since when it comes and goes. */
  readonly returns: number;
  readonly troubleSince: number;
  /** Its trouble is clear, and may come back again. */
  readonly clearSince?: number | undefined;
  readonly containment: Containment;
  /** What was in breach when a person said no: nothing is rolled back alone in this incident any more, nor contained for these. */
  readonly rejectedFor: readonly CriterionName[];
  /** Nobody is reminded of it until then. */
  readonly snoozed?: { readonly person: string; readonly until: number } | undefined;
  readonly told: readonly Told[];
  readonly timeline: readonly TimelineEntry[];
}

export type IncidentStatus =
  | { readonly status: 'open' }
  | { readonly status: 'awaiting-approval'; readonly request: ApprovalRequest; readonly approvals: readonly Approval[] }
  | {
      readonly status: 'approved';
      readonly request: ApprovalRequest;
      readonly people: readonly string[];
      readonly at: number;
    }
  | {
      readonly status: 'rejected';
      readonly request: ApprovalRequest;
      readonly person: string;
      readonly reason: string;
      readonly at: number;
    }
  | { readonly status: 'rolling-back'; readonly run: string; readonly authority: Authority; readonly at: number }
  | { readonly status: 'rollback-failed'; readonly run: string; readonly reason: string; readonly at: number }
  /** The run has succeeded, or has let users in at least; its watch has not begun yet. */
  | { readonly status: 'rolled-back'; readonly run: string; readonly at: number }
  | {
      readonly status: 'watching';
      readonly run: string;
      readonly at: number;
      readonly until: number;
      readonly ended: boolean;
    }
  | {
      readonly status: 'closed';
      readonly outcome: 'withdrawn' | 'rolled-back' | 'rejected' | 'resolved-by-person';
      readonly reason: string;
      readonly at: number;
    };

/** The durable story of one breach: only what its status allows can be written down. */
export type Incident = IncidentStory & IncidentStatus;
export type IncidentIn<S extends IncidentStatus['status']> = IncidentStory & Extract<IncidentStatus, { status: S }>;
