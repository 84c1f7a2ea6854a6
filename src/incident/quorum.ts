import { never } from '../core/errors.ts';
import type { Approval, ApprovalSubject, Quorum } from '../model/approval.ts';
import type { Role } from '../model/person.ts';
import type { Tier } from '../model/tier.ts';

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
    if (counted.some(({ person }) => person === approval.person)) continue;
    if (approval.answer === 'rejected') return 'rejected';
    counted.push(approval);
    if (satisfied(quorum, counted)) return 'approved';
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

/** Groups whose yes has not been given. */
export const outstandingGroups = (quorum: Quorum, approvals: readonly Approval[]): Quorum =>
  quorum.filter((group) => !approvals.some(({ answer, role }) => answer === 'approved' && group.includes(role)));

/** Every group by a different person, each of whom is in `people` once: tried out, since one may fit several groups. */
function satisfied([group, ...rest]: readonly Quorum[number][], people: readonly Approval[]): boolean {
  if (!group) return true;
  return people.some(
    (approval) =>
      group.includes(approval.role) &&
      satisfied(
        rest,
        people.filter((other) => other !== approval),
      ),
  );
}
