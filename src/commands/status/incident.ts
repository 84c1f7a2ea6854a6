import { never } from '../../core/errors.ts';
import { notOffered } from '../../incident/course.ts';
import { outstandingGroups } from '../../incident/quorum.ts';
import type { Incident, IncidentIn } from '../../incident/state.ts';
import type { Decision } from '../../model/decision.ts';
import type { Person } from '../../model/person.ts';
import { stillTakes, whoCouldAnswer } from '../authority.ts';
import type { IncidentView, RequestView } from './view.ts';

const newestOfTimeline = 50;

export function viewIncident(
  incident: Incident,
  people: readonly Person[],
  decision: Decision | undefined,
): IncidentView {
  const { containment, frozen } = incident;
  return {
    id: incident.id,
    criterion: incident.criterion,
    tier: incident.tier,
    status: incident.status,
    tenants: [...incident.tenants],
    openedAt: incident.openedAt,
    ...(frozen && { revision: frozen.revision }),
    containment: { state: containment.state, ...(containment.state !== 'none' && { at: containment.at }) },
    waitsFor: waitsFor(incident, people, decision),
    ...(incident.snoozed && { snoozed: incident.snoozed }),
    ...(incident.status === 'awaiting-approval' && { request: viewRequest(incident) }),
    timeline: incident.timeline.slice(-newestOfTimeline),
  };
}

function viewRequest({ request, approvals, frozen }: IncidentIn<'awaiting-approval'>): RequestView {
  const { deadline, plan, ...rest } = request;
  return {
    ...rest,
    ...(deadline !== undefined && { deadline }),
    reasonsFor: [...(frozen?.decision.reasonsFor ?? [])],
    reasonsAgainst: [...(frozen?.decision.reasonsAgainst ?? [])],
    ...(plan && { plan }),
    approvals: [...approvals],
    outstanding: outstandingGroups(request.quorum, approvals),
  };
}

function waitsFor(incident: Incident, people: readonly Person[], decision: Decision | undefined): string {
  const { clearSince, returns } = incident;
  if (clearSince !== undefined && incident.status !== 'closed') {
    return `its trouble to stay clear: it has been since ${new Date(clearSince).toISOString()}, and came back ${returns} times before`;
  }
  switch (incident.status) {
    case 'open':
      return contained(incident) ?? 'what is decided next: see the reasons of the decision';
    case 'awaiting-approval':
      return `${unlessOffered(decision)}a yes or no of ${stillTakes(incident)}: ${whoCouldAnswer(people, incident)}`;
    case 'approved':
      return `the rollback that ${incident.people.join(' and ')} approved to begin`;
    case 'rejected':
      return contained(incident) ?? `nothing: ${incident.person} rejected it; \`rollbackd close\` ends it`;
    case 'rolling-back':
      return `${incident.run} to end`;
    case 'rollback-failed':
      return 'a person: mend what failed, then `rollbackd resume`; or `rollbackd close` when it is settled by hand';
    case 'rolled-back':
      return 'the watch to begin';
    case 'watching':
      return incident.ended ? 'to be closed' : `the watch to end at ${new Date(incident.until).toISOString()}`;
    case 'closed':
      return `nothing: ${incident.outcome} (${incident.reason})`;
    default:
      return never(incident);
  }
}

function unlessOffered(decision: Decision | undefined): string {
  const why = decision && notOffered(decision);
  return why === undefined ? '' : `a rollback to be offered again (it would not help: ${why}), then `;
}

function contained({ containment }: Incident): string | undefined {
  switch (containment.state) {
    case 'begun':
      return 'the application to be stopped';
    case 'proven':
      return 'a person: the application is stopped; `rollbackd release` or `rollbackd rollback`';
    case 'failed':
      return `a person: stopping the application failed (${containment.reason}); \`rollbackd resume\``;
    case 'none':
    case 'released':
      return undefined;
    default:
      return never(containment);
  }
}
