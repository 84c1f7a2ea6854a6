import { never } from '../core/errors.ts';
import type { Approval, ApprovalSubject, Quorum } from '../model/approval.ts';
import type { Identity, Role } from '../model/person.ts';
import type { Tier } from '../model/tier.ts';
import { emptySeats } from './seats.ts';

/** The runbook's decision authority. */
export function quorumFor(tier: Tier): Quorum {
  switch (tier) {
    case 'critical':
      return [['senior-engineer', 'on-call-lead']];
    case 'severe':
      return [['engineering-manager', 'technical-lead']];
    case 'moderate':
      return [['engineering-manager'], ['product-owner']];
    default:
      return never(tier);
  }
}

/** Until when people are to answer; a critical breach has no time to give away and is asked about again and again. */
export function deadlineFor(tier: Tier, since: number): number | undefined {
  return tier === 'severe' ? since + 3_600_000 : undefined;
}

export type Answer = 'pending' | 'approved' | 'rejected';

/** First writer wins: what comes after a rejection or after the last missing yes changes nothing. */
export function answerOf(approvals: readonly Approval[], subject: ApprovalSubject, quorum: Quorum): Answer {
  const counted: Approval[] = [];
  for (const approval of approvals) {
    if (!countsFor(approval, subject, quorum)) continue;
    if (counted.some((other) => isSamePerson(other, approval))) continue;
    if (approval.answer === 'rejected') return 'rejected';
    counted.push(approval);
    if (outstandingGroups(quorum, counted).length === 0) return 'approved';
  }
  return 'pending';
}

const countsFor = (approval: Approval, subject: ApprovalSubject, quorum: Quorum): boolean =>
  isBoundTo(approval, subject) && mayAnswer(approval.role, quorum);

/** A click on another incident, an earlier revision or another plan is void. */
export const isBoundTo = (approval: ApprovalSubject, subject: ApprovalSubject): boolean =>
  approval.incident === subject.incident &&
  approval.revision === subject.revision &&
  approval.planHash === subject.planHash &&
  approval.evidenceHash === subject.evidenceHash;

export const mayAnswer = (role: Role, quorum: Quorum): boolean => quorum.some((group) => group.includes(role));

/** For each yes that is still missing, the roles of which one would do. */
export const outstandingGroups = (quorum: Quorum, approvals: readonly Approval[]): Quorum =>
  emptySeats(quorum, approvals.filter(({ answer }) => answer === 'approved').map(heldIn));

const heldIn = ({ role, roles = [role] }: Approval) => ({ roles });

type Named = Identity & Pick<Approval, 'person'>;

/** A name may be changed, by a reload, between one answer and the next: the proven id is the same. */
export const isSamePerson = (one: Named, other: Named): boolean =>
  one.person === other.person ||
  (one.uid !== undefined && one.uid === other.uid) ||
  (one.slack !== undefined && one.slack === other.slack);
