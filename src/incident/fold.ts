import { never } from '../core/errors.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { DaemonState } from './daemon-state.ts';
import { foldChild } from './fold-child.ts';
import { foldIncident } from './fold-incident.ts';
import { foldMessage } from './fold-message.ts';
import { foldPower } from './fold-power.ts';
import { foldRun } from './fold-run.ts';
import { foldWatch } from './fold-watch.ts';

/** What the daemon knows after one more event. Never throws: what does not fit changes nothing but the number. */
export function fold(state: DaemonState, event: JournalEvent): DaemonState {
  return { ...folded(state, event.body, event.at), lastSeq: event.seq };
}

/** What the daemon knows after all of its journal. */
export function foldAll(start: DaemonState, events: Iterable<JournalEvent>): DaemonState {
  let state = start;
  for (const event of events) state = fold(state, event);
  return state;
}

function folded(state: DaemonState, body: EventBody, at: number): DaemonState {
  switch (body.kind) {
    case 'daemon.started':
    case 'run.started':
    case 'run.interrupted':
    case 'run.resumed':
    case 'run.finished':
    case 'run.acknowledged':
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
      return foldRun(state, body, at);
    case 'mode.changed':
    case 'mode.armed':
    case 'acting.paused':
    case 'acting.unpaused':
      return foldPower(state, body, at);
    case 'incident.opened':
    case 'incident.decided':
    case 'incident.withdrawn':
    case 'incident.closed':
    case 'approval.requested':
    case 'approval.answered':
    case 'approval.refused':
    case 'containment.released':
      return foldIncident(state, body, at);
    case 'child.planned':
    case 'child.started':
    case 'child.ended':
      return foldChild(state, body, at);
    case 'watch.started':
    case 'watch.found':
    case 'watch.closed':
      return foldWatch(state, body, at);
    case 'message.queued':
    case 'message.delivered':
    case 'message.undeliverable':
      return foldMessage(state, body, at);
    case 'daemon.stopped':
    case 'config.reloaded':
    case 'config.refused':
      return state;
    default:
      return never(body);
  }
}
