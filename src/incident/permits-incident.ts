import { never } from '../core/errors.ts';
import type { EventOf } from '../model/event.ts';
import type { DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import { evidenceHash } from './evidence.ts';
import { isContained } from './leaks-on.ts';
import { isBoundTo, isSamePerson, mayAnswer } from './quorum.ts';
import { runUnderWay } from './read-state.ts';
import type { Incident } from './state.ts';

export function permitsIncident(state: DaemonState, body: EventAbout<'incident'>): string | undefined {
  if (body.kind === 'incident.opened') return permitsOpening(state, body.incident);
  const incident = state.incidents.get(body.incident);
  if (!incident) return `there is no incident ${body.incident}`;
  // Whoever answers too late, or an old card, is written down where it belongs.
  if (body.kind === 'approval.refused') return undefined;
  if (incident.status === 'closed') return `incident ${incident.id} is closed (${incident.outcome})`;
  switch (body.kind) {
    case 'incident.decided':
      return permitsDecision(incident, body);
    case 'incident.cleared':
      return permitsClear(incident);
    case 'incident.returned':
      return incident.clearSince === undefined ? 'it was not clear' : undefined;
    case 'incident.withdrawn':
      return permitsWithdrawal(incident);
    case 'incident.closed':
      return permitsClosing(state, incident, body.outcome);
    case 'approval.requested':
      return permitsRequest(state, incident, body);
    case 'approval.answered':
      return permitsAnswer(incident, body);
    case 'incident.snoozed':
      return undefined;
    case 'containment.releasing':
    case 'containment.released':
      return permitsRelease(state, incident);
    default:
      return never(body);
  }
}

function permitsOpening({ openIncident, incidents }: DaemonState, id: string): string | undefined {
  if (openIncident !== undefined) return `${openIncident} is open: one incident at a time`;
  return incidents.has(id) ? `there has been an incident ${id}` : undefined;
}

function permitsDecision(incident: Incident, body: EventOf<'incident.decided'>): string | undefined {
  const expected = (incident.frozen?.revision ?? 0) + 1;
  if (body.revision !== expected) return `the next revision is ${expected}, not ${body.revision}`;
  if (body.evidenceHash !== evidenceHash(body.decision)) return 'the evidence hash is not that of the decision';
  if (incident.status === 'rejected' || mayHeal(incident)) return undefined;
  return `nothing is decided any more while ${incident.status}`;
}

const mayHeal = ({ status }: Incident): boolean => ['open', 'awaiting-approval', 'approved'].includes(status);

function permitsClear(incident: Incident): string | undefined {
  if (incident.clearSince !== undefined) return 'it is known to be clear';
  return mayHeal(incident) ? undefined : `nothing heals by itself while ${incident.status}`;
}

function permitsWithdrawal(incident: Incident): string | undefined {
  if (isContained(incident)) return `containment is ${incident.containment.state}: a person releases it first`;
  if (mayHeal(incident)) return undefined;
  return `an incident cannot be withdrawn while ${incident.status}`;
}

type Outcome = EventOf<'incident.closed'>['outcome'];

function permitsClosing(state: DaemonState, incident: Incident, outcome: Outcome): string | undefined {
  const { status } = incident;
  if (runUnderWay(state)?.incident === incident.id) return 'its run is under way';
  switch (outcome) {
    case 'rolled-back':
      if (incident.status !== 'watching') return `it is not rolled back and watched: it is ${status}`;
      return incident.ended ? undefined : 'its watch has not ended';
    case 'rejected':
      if (status !== 'rejected') return `nobody has rejected it: it is ${status}`;
      return isContained(incident) ? 'the application is contained: a person releases it first' : undefined;
    case 'resolved-by-person':
      return isContained(incident) && status !== 'rollback-failed'
        ? 'the application is contained: a person releases it first'
        : undefined;
    default:
      return never(outcome);
  }
}

function permitsRequest(state: DaemonState, incident: Incident, body: EventOf<'approval.requested'>) {
  const { status, frozen } = incident;
  if (status !== 'open') return `nobody is asked while ${status}`;
  if (runUnderWay(state)) return 'a run is under way';
  if (!frozen) return 'nothing has been decided yet';
  if (body.revision !== frozen.revision) return `the revision is ${frozen.revision}, not ${body.revision}`;
  return body.evidenceHash === frozen.evidenceHash ? undefined : 'the evidence is not what was decided on';
}

function permitsAnswer(incident: Incident, body: EventOf<'approval.answered'>): string | undefined {
  if (incident.status !== 'awaiting-approval') return `nobody is asked: the incident is ${incident.status}`;
  const { request, approvals } = incident;
  if (!isBoundTo(body, request)) return 'the answer is to an earlier question: look at the present one';
  if (!mayAnswer(body.role, request.quorum)) return `a ${body.role} has no say in it`;
  return approvals.some((known) => isSamePerson(known, body)) ? `${body.person} has answered already` : undefined;
}

function permitsRelease(state: DaemonState, incident: Incident): string | undefined {
  if (runUnderWay(state)) return 'a run is under way';
  return isContained(incident)
    ? undefined
    : `there is nothing to release: containment is ${incident.containment.state}`;
}
