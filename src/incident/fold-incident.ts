import { never } from '../core/errors.ts';
import type { Decision } from '../model/decision.ts';
import type { EventOf } from '../model/event.ts';
import type { CriterionName } from '../model/verdict.ts';
import { containedAs, moved, noted, replaced, storied } from './change-incident.ts';
import type { DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import { breachesIn, leaksIn, toldIn } from './news.ts';
import { answerOf } from './quorum.ts';
import { servingSaid } from './serving-said.ts';
import type { Incident } from './state.ts';
import { withEnded, withOpened, withReturn, withSaid } from './trouble.ts';

export function foldIncident(state: DaemonState, body: EventAbout<'incident'>, at: number): DaemonState {
  if (body.kind === 'incident.opened') return opened(state, body, at);
  const incident = state.incidents.get(body.incident);
  if (!incident) return state;
  if (body.kind === 'approval.refused') return noted(state, incident.id, at, refusalText(body));
  if (incident.status === 'closed') return state;
  switch (body.kind) {
    case 'incident.decided':
      return decided(state, incident, body, at);
    case 'incident.snoozed':
      return snoozed(state, incident, body, at);
    case 'incident.cleared':
      return noted(
        storied(state, incident.id, () => ({ clearSince: at })),
        incident.id,
        at,
        'clear; it may come back',
      );
    case 'incident.returned':
      return returned(state, incident, at);
    case 'incident.withdrawn':
      return closed(state, incident, 'withdrawn', body.reason, at);
    case 'incident.closed':
      return servingSaid(closed(state, incident, body.outcome, body.reason, at), body.serving, at);
    case 'approval.requested':
      return requested(state, incident, body, at);
    case 'approval.answered':
      return answered(state, incident, body, at);
    case 'containment.releasing':
      return releasing(state, incident, body.person, at);
    case 'containment.released': {
      const { person: by, reason } = body;
      const released = containedAs(state, incident.id, { state: 'released', by, at, reason });
      return noted(released, incident.id, at, `containment released by ${by}: ${reason}`);
    }
    default:
      return never(body);
  }
}

function refusalText({ person, via, answer, revision, reason }: EventOf<'approval.refused'>): string {
  const what = { approved: 'a yes', rejected: 'a no', none: 'an answer' }[answer ?? 'none'];
  const seen = [via, revision === undefined ? undefined : `revision ${revision}`].filter((part) => part !== undefined);
  const where = seen.length > 0 ? ` (${seen.join(', ')})` : '';
  return `${what} of ${person}${where} was refused: ${reason}`;
}

/** The application is being started again: it is not proven any more that it is stopped, nor yet that it serves. */
function releasing(state: DaemonState, { id, containment }: Incident, person: string, at: number): DaemonState {
  if (containment.state !== 'proven' && containment.state !== 'failed') return state;
  const { run } = containment;
  const reason = `${person} began to release it, and it has not been seen to serve since`;
  const begun = containedAs(state, id, { state: 'failed', run, at, reason, fenced: false, releasingBy: person });
  return noted(begun, id, at, `${person} begins to release the containment`);
}

function opened(state: DaemonState, body: EventOf<'incident.opened'>, at: number): DaemonState {
  const { returns = 0 } = body;
  const troubles = withOpened(state.troubles, body.criterion, returns, at);
  const incident: Incident = {
    id: body.incident,
    openedAt: at,
    criterion: body.criterion,
    tier: body.tier,
    tenants: body.tenants,
    frozen: undefined,
    known: { criteria: [], leaked: [] },
    returns,
    troubleSince: troubles.get(body.criterion)?.since ?? at,
    containment: { state: 'none' },
    rejectedFor: [],
    told: [],
    timeline: [{ at, text: `opened: ${body.criterion} (${body.tier})` }],
    status: 'open',
  };
  return { ...replaced(state, incident), troubles, openIncident: body.incident };
}

/** Statuses in which nothing irrevocable has begun: a new revision takes an incident back to `open`. */
const revisable: readonly Incident['status'][] = ['open', 'awaiting-approval', 'approved', 'rejected'];

function decided(state: DaemonState, incident: Incident, body: EventOf<'incident.decided'>, at: number): DaemonState {
  const { revision, evidenceHash, decision, quiet } = body;
  const kept = storied(state, incident.id, ({ tenants, known }) => ({
    frozen: { revision, evidenceHash, decision, quiet },
    known: knownAfter(known, decision),
    snoozed: undefined,
    clearSince: undefined,
    tenants: [...new Set([...tenants, ...decision.tenants])],
    ...(decision.tier ? { tier: decision.tier } : {}),
  }));
  const next = decision.next ? `${decision.action}, then ${decision.next}` : decision.action;
  const told = noted(kept, incident.id, at, `decision ${revision}: ${next}`);
  const now = told.incidents.get(incident.id);
  const after = now && revisable.includes(now.status) ? moved(told, now, { status: 'open' }) : told;
  return quiet ? after : { ...after, troubles: withSaid(after.troubles, toldIn(decision), 'told', at) };
}

const knownAfter = ({ criteria, leaked }: Incident['known'], decision: Decision): Incident['known'] => ({
  criteria: [...new Set([...criteria, ...breachesIn(decision).map(({ criterion }) => criterion)])],
  leaked: [...new Set([...leaked, ...leaksIn(decision).flatMap(({ tenants }) => tenants)])],
});

function returned(state: DaemonState, { id, criterion }: Incident, at: number): DaemonState {
  const back = storied(state, id, ({ returns }) => ({ clearSince: undefined, returns: returns + 1 }));
  return { ...noted(back, id, at, 'back again'), troubles: withReturn(back.troubles, criterion) };
}

function snoozed(state: DaemonState, { id }: Incident, { person, until }: EventOf<'incident.snoozed'>, at: number) {
  const quiet = storied(state, id, () => ({ snoozed: { person, until } }));
  return noted(quiet, id, at, `reminders snoozed by ${person} until ${new Date(until).toISOString()}`);
}

type Outcome = Extract<Incident, { status: 'closed' }>['outcome'];

function closed(state: DaemonState, incident: Incident, outcome: Outcome, reason: string, at: number): DaemonState {
  const after = moved(state, incident, { status: 'closed', outcome, reason, at });
  const how = outcome === 'withdrawn' || outcome === 'rejected' ? 'healed' : 'settled';
  const troubles = withEnded(state.troubles, toldCriteria(incident), how, at);
  return { ...noted(after, incident.id, at, `${outcome}: ${reason}`), troubles };
}

const toldCriteria = ({ criterion, known, frozen }: Incident): CriterionName[] => [
  ...new Set([criterion, ...known.criteria, ...(frozen ? toldIn(frozen.decision) : []).map((told) => told.criterion)]),
];

function requested(state: DaemonState, incident: Incident, body: EventOf<'approval.requested'>, at: number) {
  const { kind: _, ...subject } = body;
  const request = { ...subject, requestedAt: at };
  const { revision, planHash } = body;
  const about = { ...incident, asked: { revision, planHash } };
  const after = moved(state, about, { status: 'awaiting-approval', request, approvals: [] });
  const said = noted(after, incident.id, at, `people asked about revision ${body.revision}`);
  const breaches = incident.frozen ? breachesIn(incident.frozen.decision) : [];
  return body.quiet ? said : { ...said, troubles: withSaid(said.troubles, breaches, 'asked', at) };
}

function answered(state: DaemonState, incident: Incident, body: EventOf<'approval.answered'>, at: number) {
  if (incident.status !== 'awaiting-approval') return state;
  const { kind: _, ...approval } = body;
  const { request } = incident;
  const approvals = [...incident.approvals, approval];
  const { role, roles = [role] } = body;
  const said = noted(state, incident.id, at, `${body.answer} by ${body.person} (${roles.join(', ')}, ${body.via})`);
  const after = said.incidents.get(incident.id) ?? incident;
  switch (answerOf(approvals, request, request.quorum)) {
    case 'pending':
      return moved(said, after, { status: 'awaiting-approval', request, approvals });
    case 'approved':
      return moved(said, after, { status: 'approved', request, people: yesOf(approvals), at });
    case 'rejected': {
      const { person, reason = 'no reason given' } = body;
      const rejectedFor = [...new Set([...after.rejectedFor, ...breachesOf(after)])];
      return moved(said, { ...after, rejectedFor }, { status: 'rejected', request, person, reason, at });
    }
  }
}

const breachesOf = ({ criterion, frozen }: Incident): CriterionName[] => [
  criterion,
  ...(frozen ? breachesIn(frozen.decision) : []).map((breach) => breach.criterion),
];

const yesOf = (approvals: readonly { answer: string; person: string }[]): string[] => [
  ...new Set(approvals.filter(({ answer }) => answer === 'approved').map(({ person }) => person)),
];
