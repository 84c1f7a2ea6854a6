import { never } from '../core/errors.ts';
import { isSuperseded } from '../model/cutover.ts';
import type { EventOf } from '../model/event.ts';
import { type Plan, writesIntoUnified } from '../model/plan.ts';
import { courseOf } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { leaksOn } from './leaks-on.ts';
import { leaksIn } from './news.ts';
import { lastRollbackOf, runUnderWay, usersBackBy } from './read-state.ts';
import type { Incident } from './state.ts';

type RunStarted = EventOf<'run.started'>;

/** On whose word, and in which situation, a run may start. */
export function permitsStart(state: DaemonState, body: RunStarted): string | undefined {
  const other = runUnderWay(state);
  if (other) return `${other.run} is under way: one run at a time`;
  if (state.runs.has(body.run)) return `there has been a run ${body.run}`;
  const { authority, incident: id } = body;
  if (id === undefined) return authority.by === 'person' ? undefined : 'without an incident only a person starts a run';
  const incident = state.openIncident === id ? state.incidents.get(id) : undefined;
  if (!incident) return `incident ${id} is not open`;
  if (['rolled-back', 'watching'].includes(incident.status))
    return `a rollback has been done: it is ${incident.status}`;
  const containing = body.plan.kind === 'containment';
  switch (authority.by) {
    case 'person':
      return containing && !leaksOn(incident) ? 'there is no leak to contain' : undefined;
    case 'daemon':
      return containing ? permitsContaining(state, incident) : permitsAlone(state, incident, body.plan);
    case 'approval':
      return permitsApproved(incident, body, authority.people);
    default:
      return never(authority);
  }
}

function permitsContaining(state: DaemonState, incident: Incident): string | undefined {
  if (state.mode === 'observe') return 'an observing daemon touches nothing';
  if (state.watch) return `${state.watch.run} is being watched: nothing happens by itself`;
  if (isRejected(incident)) return 'a person has rejected acting on this leak';
  if (!['open', 'awaiting-approval'].includes(incident.status)) return `nothing is contained while ${incident.status}`;
  if (incident.containment.state !== 'none') return `containment is ${incident.containment.state}`;
  return incident.frozen?.decision.action === 'contain' ? undefined : 'the decision does not call for containment';
}

const isRejected = ({ frozen, rejectedFor }: Incident): boolean =>
  frozen !== undefined && leaksIn(frozen.decision).some(({ criterion }) => rejectedFor.includes(criterion));

function permitsAlone(state: DaemonState, incident: Incident, plan: Plan): string | undefined {
  const { frozen, containment } = incident;
  if (state.mode !== 'armed') return `mode is ${state.mode}: only an armed daemon rolls back alone`;
  if (writesIntoUnified(plan)) return 'the plan writes into the unified database: only a person starts it';
  if (incident.status !== 'open') return `the daemon does not start a rollback while ${incident.status}`;
  if (incident.rejectedFor.length > 0) return 'a person has rejected acting in this incident';
  if (state.watch) return `${state.watch.run} is being watched: nothing happens by itself`;
  if (!frozen || courseOf(frozen.decision) !== 'rollback') return 'the decision does not call for a rollback';
  if (frozen.decision.action === 'contain' && containment.state !== 'proven') return 'containment comes first';
  const last = lastRollbackOf(state);
  if (last?.authority.by === 'daemon' && last.acknowledgedBy === undefined) {
    return `${last.run} ran by itself and nobody has acknowledged it`;
  }
  return legacyInUse(state);
}

/** Armed for a cut-over that came after the rollback, the daemon may act again: that was another migration. */
function legacyInUse(state: DaemonState): string | undefined {
  const back = usersBackBy(state);
  if (!back) return undefined;
  const { armed } = state;
  if (armed?.cutoverAt !== undefined && isSuperseded(back, armed.cutoverAt, armed.at)) return undefined;
  return back.byHand
    ? `${back.run} was settled by people: users may have been writing to the legacy databases since`
    : `${back.run} has rolled back already: users have been writing to the legacy databases since`;
}

function permitsApproved(incident: Incident, body: RunStarted, people: readonly string[]): string | undefined {
  if (incident.status !== 'approved') return `it is not approved: it is ${incident.status}`;
  if (body.plan.kind === 'containment') {
    if (!leaksOn(incident)) return 'there is no leak to contain';
  } else if (body.plan.hash !== incident.request.planHash) return 'the plan is not the one that was approved';
  return people.length === incident.people.length && people.every((person) => incident.people.includes(person))
    ? undefined
    : 'the named people are not those who approved';
}
