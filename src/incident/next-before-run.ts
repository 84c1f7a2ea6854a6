import { formatDuration } from '../core/duration.ts';
import type { Decision } from '../model/decision.ts';
import { courseOf } from './course.ts';
import type { Move } from './moves.ts';
import { notOffered } from './not-offered.ts';
import type { Outlook } from './outlook.ts';
import { deadlineFor, quorumFor } from './quorum.ts';
import { healed, reasonToAskAgain, reasonToRevise, revision } from './revise.ts';
import { tellSinceNo } from './since-no.ts';
import type { ApprovalRequest, FrozenDecision, Incident, IncidentIn } from './state.ts';
import { minute, reminder, repeated, tellAbout } from './tell.ts';

export function movesOfOpen(incident: IncidentIn<'open'>, outlook: Outlook): Move[] {
  const { decision } = outlook;
  if (healed(incident, decision)) return withdrawal(incident);
  const why = reasonToRevise(incident, decision);
  if (why) return revision(incident, decision, why);
  const { frozen } = incident;
  if (!frozen) return [];
  const told = [...tellDecision(incident, frozen), ...tellContainment(incident, outlook)];
  return [...told, ...acting(incident, frozen, outlook), ...remind(incident, outlook, incident.openedAt)];
}

/** Acting follows what is seen now; asking follows what was decided, so that blindness since then silences nobody. */
function acting(incident: IncidentIn<'open'>, frozen: FrozenDecision, outlook: Outlook): Move[] {
  const { id: about, containment, rejectedFor } = incident;
  const { action } = outlook.decision;
  if (action === 'contain' && containment.state === 'none')
    return [{ kind: 'contain', incident: about, authority: { by: 'daemon' } }];
  const contained = frozen.decision.action !== 'contain' || containment.state === 'proven';
  if (action === 'rollback' && contained && rejectedFor.length === 0) {
    return [{ kind: 'start-rollback', incident: about, authority: { by: 'daemon' }, planHash: outlook.planHash }];
  }
  return courseOf(frozen.decision) === 'page' ? asking(incident, frozen, outlook) : [];
}

function asking(incident: IncidentIn<'open'>, frozen: FrozenDecision, outlook: Outlook): Move[] {
  const { revision: number, evidenceHash, decision } = frozen;
  const { planHash, plan } = outlook;
  const tier = decision.tier ?? incident.tier;
  const deadline = deadlineFor(tier, incident.openedAt);
  if (planHash === undefined) {
    return [...tellNoPlan(incident, number), ...overdue(incident, { revision: number, deadline }, outlook)];
  }
  const { asked } = incident;
  if (asked?.revision === number && asked.planHash !== planHash) return revision(incident, decision, otherPlan);
  const subject = { incident: incident.id, revision: number, planHash, evidenceHash };
  return [{ kind: 'request-approval', ...subject, quorum: quorumFor(tier), deadline, plan }];
}

function tellNoPlan(incident: Incident, number: number): Move[] {
  const text = 'No plan can be made at present, so nobody can be asked to approve one. The guard "plan" says why.';
  return tellAbout(incident, {
    topic: `r${number}.no-plan`,
    subject: `${incident.id}: no plan`,
    text,
    urgency: 'alarmed',
  });
}

export function movesOfAwaiting(incident: IncidentIn<'awaiting-approval'>, outlook: Outlook): Move[] {
  const { request } = incident;
  return (
    reconsidered(incident, outlook) ?? [
      ...tellContainment(incident, outlook),
      ...tellAbout(incident, {
        topic: `r${request.revision}.asked-${request.planHash.slice(0, 12)}`,
        subject: `${incident.id}: your approval is needed`,
        text: [summary(incident), neededText(request)].join('\n'),
        urgency: 'asked',
      }),
      ...tellNotOffered(incident, outlook.decision),
      ...overdue(incident, request, outlook),
      ...remind(incident, outlook, request.requestedAt),
    ]
  );
}

const notOfferedText = (reason: string): string =>
  `No rollback is offered at the moment, and no yes is taken, since it would not help: ${reason}.`;

/** Once a question, however often it comes and goes: reminders say it too. */
function tellNotOffered(incident: IncidentIn<'awaiting-approval'>, decision: Decision): Move[] {
  const why = notOffered(decision);
  if (why === undefined) return [];
  return tellAbout(incident, {
    topic: `r${incident.request.revision}.not-offered`,
    subject: `${incident.id}: no rollback is offered at the moment`,
    text: `${notOfferedText(why)} The question and its answers stand; a no is taken.`,
    urgency: 'alarmed',
  });
}

/** By incident and revision the command line knows what was read. */
function neededText({ incident, quorum, revision: number }: ApprovalRequest): string {
  const needed = quorum.map((group) => group.join(' or ')).join(', and ');
  const named = `${incident} --revision ${number}`;
  const how = `\`rollbackd approve ${named}\`, or \`rollbackd reject ${named} --reason ...\``;
  return `Needed: ${needed}.\n\`rollbackd status\` shows the plan; ${how}.`;
}

/** A no is final for what was asked. Only something materially worse is asked again, and an owner ends the containment. */
export function movesOfRejected(incident: IncidentIn<'rejected'>, outlook: Outlook): Move[] {
  const { person, reason, request } = incident;
  if (healed(incident, outlook.decision)) {
    return [
      {
        kind: 'close',
        incident: incident.id,
        outcome: 'rejected',
        reason: `rejected by ${person}: ${reason}; healed since`,
      },
    ];
  }
  const why = reasonToAskAgain(incident, outlook.decision);
  if (why && courseOf(outlook.decision) === 'page') return revision(incident, outlook.decision, why);
  const telling = { topic: `r${request.revision}.rejected`, subject: `${incident.id}: rejected` } as const;
  return [
    ...tellAbout(incident, { ...telling, text: `${person} said no: ${reason}`, urgency: 'told' }),
    ...tellSinceNo(incident, outlook.decision),
    ...tellContainment(incident, outlook),
  ];
}

export function reconsidered(
  incident: IncidentIn<'awaiting-approval' | 'approved'>,
  outlook: Outlook,
): Move[] | undefined {
  if (healed(incident, outlook.decision)) return withdrawal(incident);
  const why = reasonToRevise(incident, outlook.decision);
  return why ? revision(incident, outlook.decision, why) : changedPlan(incident, outlook);
}

const otherPlan = 'the plan is not the one that people were asked about';

export function changedPlan(incident: IncidentIn<'awaiting-approval' | 'approved'>, { decision, planHash }: Outlook) {
  if (planHash === undefined || planHash === incident.request.planHash || !incident.frozen) return undefined;
  const standing: Decision = decision.action === 'none' ? incident.frozen.decision : decision;
  return revision(incident, standing, otherPlan);
}

export function withdrawal(incident: Incident): Move[] {
  const reason = 'what was in breach is clear again, and nothing had been done about it yet';
  const telling = {
    topic: 'withdrawn',
    subject: `${incident.id}: withdrawn`,
    text: `${reason}.`,
    urgency: 'told',
  } as const;
  return [...tellAbout(incident, telling), { kind: 'withdraw', incident: incident.id, reason }];
}

const summary = ({ frozen }: Incident): string =>
  frozen
    ? [
        `Decision ${frozen.revision}: ${frozen.decision.action}${frozen.decision.next ? `, then ${frozen.decision.next}` : ''}`,
        ...frozen.decision.reasonsFor.map((reason) => `+ ${reason}`),
        ...frozen.decision.reasonsAgainst.map((reason) => `- ${reason}`),
      ].join('\n')
    : 'Nothing has been decided yet.';

function tellDecision(incident: Incident, { revision: number, decision }: FrozenDecision): Move[] {
  const subject = `${incident.id}: ${decision.criterion ?? incident.criterion} (${decision.tier ?? incident.tier})`;
  return tellAbout(incident, { topic: `r${number}.decided`, subject, text: summary(incident), urgency: 'alarmed' });
}

function tellContainment(incident: Incident, { now }: Outlook): Move[] {
  const { containment } = incident;
  if (containment.state === 'failed') {
    const { run, fenced, releasingBy } = containment;
    if (releasingBy !== undefined) return tellUnreleased(incident, releasingBy, containment.at, now);
    const what = fenced
      ? `Nothing of the application answers or writes now. Put right what failed, then resume ${run}: it may not stay so.`
      : `The application may still be leaking: stop it by hand, or resume ${run}.`;
    const text = `${containment.reason}. ${what}`;
    const since = `containment-failed-${containment.at}`;
    const topic = repeated(incident, since, { since: containment.at, every: 10 * minute, now }) ?? since;
    return tellAbout(incident, { topic, subject: `${incident.id}: containment failed`, text, urgency: 'alarmed' });
  }
  if (containment.state !== 'proven') return [];
  const period = repeated(incident, 'contained', { since: containment.at, every: 30 * minute, now });
  const text = `Stopped for ${formatDuration(now - containment.at)} now. Roll back, or release the containment.`;
  const subject = `${incident.id}: the application is contained`;
  return tellAbout(incident, { topic: period ?? 'contained-0', subject, text, urgency: period ? 'alarmed' : 'told' });
}

/** A release takes its time; one that has not ended by then was cut off, or did not work. */
function tellUnreleased(incident: Incident, person: string, at: number, now: number): Move[] {
  const topic = reminder(`unreleased-${at}`, at, 3 * minute, now);
  if (!topic) return [];
  const text = `${person} began to release the containment ${formatDuration(now - at)} ago, and it was not seen to end. The application may be serving, and leaking: release it again, or roll back.`;
  return tellAbout(incident, { topic, subject: `${incident.id}: half released`, text, urgency: 'alarmed' });
}

function remind(incident: Incident, { now, decision }: Outlook, since: number): Move[] {
  const once = `r${incident.frozen?.revision ?? 0}.waiting-${since}`;
  const topic = repeated(incident, once, { since, every: 10 * minute, now });
  if (!topic) return [];
  const why = incident.status === 'awaiting-approval' ? notOffered(decision) : undefined;
  const waited = `Nobody has settled it for ${formatDuration(now - since)}.`;
  const text = [waited, ...(why === undefined ? [] : [notOfferedText(why)]), summary(incident)].join('\n');
  return tellAbout(incident, { topic, subject: `${incident.id}: still waiting`, text, urgency: 'alarmed' });
}

interface Due {
  readonly revision: number;
  readonly deadline?: number | undefined;
}

/**
 * The first rung is named to everybody: whoever reads it knows who has it now. Without a plan nobody can answer, and the
 * time runs out all the same.
 */
function overdue(incident: Incident, { revision: number, deadline }: Due, { now, escalation = [] }: Outlook): Move[] {
  if (deadline === undefined || now < deadline) return [];
  const passed = `The deadline of ${new Date(deadline).toISOString()} has passed without an answer.`;
  const why = incident.status === 'open' ? `${passed} Nobody could be asked: no plan can be made.` : passed;
  const text = escalation.length === 0 ? why : `${why} It is now for ${escalation.join(', ')} to get one.`;
  return tellAbout(incident, {
    topic: `r${number}.overdue`,
    subject: `${incident.id}: overdue`,
    text,
    urgency: 'alarmed',
  });
}
