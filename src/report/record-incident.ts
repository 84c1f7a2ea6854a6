import { RollbackdError } from '../core/errors.ts';
import type { EventOf, JournalEvent } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';
import type { DecisionRecord } from './decision-record.ts';
import { timelineOf } from './timeline.ts';
import { whatWouldHaveChanged } from './what-would-have-changed.ts';
import { whyNotEarlier } from './why-not-earlier.ts';

interface Found {
  mode: Mode;
  readonly opened: Map<string, { readonly at: number; readonly body: EventOf<'incident.opened'> }>;
  /** The mode in which an incident was decided last. */
  readonly modes: Map<string, Mode>;
}

/** The record of one incident, or of the newest. Errors: RollbackdError `no-incident`. */
export function recordIncident(journal: Iterable<JournalEvent>, wanted?: string): DecisionRecord {
  const events = [...journal];
  const found = incidentsIn(events);
  const incident = wanted ?? [...found.opened.keys()].at(-1);
  const opened = incident === undefined ? undefined : found.opened.get(incident);
  if (incident === undefined || !opened) throw unknownIncident(wanted, [...found.opened.keys()]);
  const own = ownEvents(events, incident);
  const decisions = own.flatMap(({ at, body }) =>
    body.kind === 'incident.decided'
      ? [{ at, revision: body.revision, evidenceHash: body.evidenceHash, decision: body.decision }]
      : [],
  );
  const ended = own.flatMap(endIn).at(-1);
  const { criterion, tier } = opened.body;
  return {
    rollbackd: 'decision-record',
    version: 1,
    incident,
    criterion,
    tier,
    mode: found.modes.get(incident) ?? found.mode,
    openedAt: opened.at,
    ...(ended && { ended }),
    decisions,
    answers: own.flatMap(answerIn),
    timeline: timelineOf(own),
    whyNotEarlier: whyNotEarlier(decisions, own),
    whatWouldHaveChangedIt: whatWouldHaveChanged(decisions),
  };
}

function incidentsIn(events: readonly JournalEvent[]): Found {
  const found: Found = { mode: 'observe', opened: new Map(), modes: new Map() };
  for (const { at, body } of events) {
    if (body.kind === 'mode.changed') found.mode = body.mode;
    if (body.kind === 'mode.armed') found.mode = 'armed';
    if (body.kind === 'incident.opened') found.opened.set(body.incident, { at, body });
    if (body.kind === 'incident.decided') found.modes.set(body.incident, found.mode);
  }
  return found;
}

/** What names the incident, or a run that it started. */
function ownEvents(events: readonly JournalEvent[], incident: string): JournalEvent[] {
  const runs = new Set<string>();
  return events.filter(({ body }) => {
    if ('incident' in body && body.incident === incident) {
      if (body.kind === 'run.started') runs.add(body.run);
      return true;
    }
    return 'run' in body && runs.has(body.run);
  });
}

function endIn({ at, body }: JournalEvent): NonNullable<DecisionRecord['ended']>[] {
  if (body.kind === 'incident.withdrawn') return [{ at, how: 'withdrawn', reason: body.reason }];
  if (body.kind === 'incident.closed') return [{ at, how: body.outcome, reason: body.reason }];
  return [];
}

function answerIn({ at, body }: JournalEvent): DecisionRecord['answers'] {
  if (body.kind !== 'approval.answered') return [];
  const { revision, answer, person, role, via, reason } = body;
  return [{ at, revision, answer, person, role, via, ...(reason !== undefined && { reason }) }];
}

function unknownIncident(wanted: string | undefined, known: readonly string[]): RollbackdError {
  if (known.length === 0) return new RollbackdError('no-incident', 'there has been no incident yet');
  return new RollbackdError('no-incident', `there is no incident ${wanted}`, {
    remedy: `name one of the last: ${known.slice(-5).reverse().join(', ')}`,
  });
}
