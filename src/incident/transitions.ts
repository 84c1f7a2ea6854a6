import type { EventBody } from '../model/event.ts';
import type { DaemonState } from './daemon-state.ts';
import { isAbout } from './event-rooms.ts';
import { permitsIncident } from './permits-incident.ts';
import { permitsRun } from './permits-run.ts';

/** Why an event may not be written in this state; `undefined` where it may. Asked before every append. */
export function permits(state: DaemonState, body: EventBody): string | undefined {
  if (isAbout('incident', body)) return permitsIncident(state, body);
  if (isAbout('run', body) || isAbout('watch', body)) return permitsRun(state, body);
  switch (body.kind) {
    case 'mode.changed':
      return body.mode === 'armed' ? 'only a named person arms, with what was pinned' : undefined;
    case 'acting.unpaused':
      return state.paused ? undefined : 'acting is not paused';
    case 'child.planned':
      return state.children.has(body.tag) ? `child ${body.tag} is planned already` : undefined;
    case 'child.started':
    case 'child.ended':
      return state.children.has(body.tag) ? undefined : `child ${body.tag} was never planned, or has ended`;
    case 'message.queued':
      return state.messages.has(body.message) ? `message ${body.message} is queued already` : undefined;
    case 'card.shown':
      return state.incidents.has(body.incident) ? undefined : `there is no incident ${body.incident}`;
    default:
      return undefined;
  }
}
