import type { Decision } from '../model/decision.ts';
import { harmOf, type Tier } from '../model/tier.ts';
import { type CriterionName, isNotable, type Verdict } from '../model/verdict.ts';
import { courseOf, notOffered } from './course.ts';
import type { Outlook } from './outlook.ts';
import type { Incident, IncidentIn } from './state.ts';

/** Why people are told and asked anew. Whatever else changes only changes what is shown. */
export type News =
  | { readonly news: 'first'; readonly text: string }
  | { readonly news: 'criterion'; readonly criteria: readonly CriterionName[]; readonly text: string }
  | { readonly news: 'tier'; readonly from: Tier; readonly to: Tier; readonly text: string }
  | { readonly news: 'leaked-tenant'; readonly tenants: readonly string[]; readonly text: string }
  | { readonly news: 'plan'; readonly text: string }
  | { readonly news: 'containable'; readonly text: string }
  | { readonly news: 'course'; readonly text: string };

/** What is new since the incident was decided last. */
export function newsOf(incident: Incident, { decision, planHash }: Outlook): News | undefined {
  if (!incident.frozen) {
    return decision.action === 'none' ? undefined : { news: 'first', text: 'nothing had been decided' };
  }
  const before = incident.frozen.decision;
  if (isDoubt(before, decision)) return anotherPlan(incident, planHash);
  return (
    anotherCriterion(incident.known.criteria, before, decision) ??
    higherTier(before, decision) ??
    leakedTenant(incident, decision) ??
    anotherPlan(incident, planHash) ??
    containable(before, decision) ??
    anotherCourse(incident, before, decision)
  );
}

/** A no is final for what it was said to: another plan or course is no reason to ask again. */
export function newsSinceNo(incident: IncidentIn<'rejected'>, decision: Decision): News | undefined {
  if (!incident.frozen) return undefined;
  const before = incident.frozen.decision;
  return (
    criteriaBeyond([...incident.rejectedFor, ...milder(before, decision)], decision) ??
    higherTier(before, decision) ??
    leakedTenant(incident, decision)
  );
}

/**
 * What was in breach is neither seen to be so, nor to be over: what was decided stands. Trouble that seems to be one
 * tenant's alone may be everybody's again at the next look: until it is clear, its question and the answers to it stand.
 */
export function isDoubt(before: Decision, now: Decision): boolean {
  if (now.action === 'none') return true;
  const asked = criteriaIn(before);
  if (criteriaIn(now).length > 0) return false;
  return now.verdicts.some(({ criterion, verdict }) => asked.includes(criterion) && verdict !== 'clear');
}

export const breachesIn = ({ verdicts }: Decision): Verdict[] => verdicts.filter(({ verdict }) => verdict === 'breach');

/** What a decision tells people of. */
export const toldIn = ({ verdicts }: Decision): Verdict[] =>
  verdicts.filter((verdict) => verdict.verdict === 'breach' || isNotable(verdict));

/** Documents are handed to others: the application is stopped before anything else is done about it. */
export const leaksIn = (decision: Decision): Verdict[] =>
  breachesIn(decision).filter(({ first }) => first === 'contain');

const criteriaIn = (decision: Decision): CriterionName[] => breachesIn(decision).map(({ criterion }) => criterion);

/** One that people have heard of is news where nothing of what they are asked about is in breach any more. */
function anotherCriterion(known: readonly CriterionName[], before: Decision, now: Decision): News | undefined {
  const stands = criteriaIn(now).some((criterion) => criteriaIn(before).includes(criterion));
  const beyond = stands || criteriaIn(before).length === 0 ? known : criteriaIn(before);
  return criteriaBeyond([...beyond, ...milder(before, now)], now);
}

/** What is severe no more, and moderate still, is the same trouble: its question stands. */
function milder(before: Decision, now: Decision): CriterionName[] {
  const worse = ({ measure, tier }: Verdict) =>
    breachesIn(before).some(
      (each) => measure !== undefined && each.measure === measure && harmOf(each.tier) > harmOf(tier),
    );
  return breachesIn(now)
    .filter(worse)
    .map(({ criterion }) => criterion);
}

function criteriaBeyond(known: readonly CriterionName[], now: Decision): News | undefined {
  const criteria = criteriaIn(now).filter((criterion) => !known.includes(criterion));
  if (criteria.length === 0) return undefined;
  return {
    news: 'criterion',
    criteria,
    text: `${criteria.join(', ')} ${criteria.length > 1 ? 'are' : 'is'} now in breach`,
  };
}

function higherTier({ tier: from }: Decision, { tier: to }: Decision): News | undefined {
  if (!from || !to || harmOf(to) <= harmOf(from)) return undefined;
  return { news: 'tier', from, to, text: `the tier rose from ${from} to ${to}` };
}

/** Each further one is another customer whose documents are handed out. */
function leakedTenant({ known }: Incident, now: Decision): News | undefined {
  const tenants = leaksIn(now)
    .flatMap((leak) => leak.tenants)
    .filter((tenant) => !known.leaked.includes(tenant));
  return tenants.length === 0
    ? undefined
    : { news: 'leaked-tenant', tenants, text: `the leak reaches one more tenant: ${tenants.join(', ')}` };
}

function anotherPlan({ asked, frozen }: Incident, planHash: string | undefined): News | undefined {
  if (!asked || planHash === undefined) return undefined;
  if (asked.revision !== frozen?.revision || asked.planHash === planHash) return undefined;
  return { news: 'plan', text: 'the plan is not the one that people were asked about' };
}

const containable = (before: Decision, now: Decision): News | undefined =>
  now.action === 'contain' && before.action !== 'contain'
    ? { news: 'containable', text: 'the application can be stopped now' }
    : undefined;

/** While a rollback would not help no yes is taken, but the question stands: the same one would be asked again after it. */
function anotherCourse({ status }: Incident, before: Decision, now: Decision): News | undefined {
  const interrupted = status === 'awaiting-approval' && notOffered(now) !== undefined;
  if (courseOf(before) === courseOf(now) || interrupted) return undefined;
  return { news: 'course', text: `${courseOf(now)} instead of ${courseOf(before)}` };
}
