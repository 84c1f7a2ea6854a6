import type { EventBody } from '../model/event.ts';
import type { DaemonState } from './daemon-state.ts';
import { permitsIncident } from './permits-incident.ts';
import { permitsRun } from './permits-run.ts';

/** Why an event may not be written in this state; `undefined` where it may. Asked before every append. */
export function permits(state: DaemonState, body: EventBody): string | undefined {
  switch (body.kind) {
    case 'mode.changed':
      return body.mode === 'armed' ? 'only a named person arms, with what was pinned' : undefined;
    case 'acting.unpaused':
      return state.paused ? undefined : 'acting is not paused';
    case 'incident.opened':
    case 'incident.decided':
    case 'incident.withdrawn':
    case 'incident.closed':
    case 'approval.requested':
    case 'approval.answered':
    case 'approval.refused':
    case 'containment.released':
      return permitsIncident(state, body);
    case 'run.started':
    case 'run.interrupted':
    case 'run.resumed':
    case 'run.finished':
    case 'run.acknowledged':
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
    case 'watch.started':
    case 'watch.found':
    case 'watch.closed':
      return permitsRun(state, body);
    case 'child.planned':
      return state.children.has(body.tag) ? `child ${body.tag} is planned already` : undefined;
    case 'child.started':
    case 'child.ended':
      return state.children.has(body.tag) ? undefined : `child ${body.tag} was never planned, or has ended`;
    case 'message.queued':
      return state.messages.has(body.message) ? `message ${body.message} is queued already` : undefined;
    default:
      return undefined;
  }
}
