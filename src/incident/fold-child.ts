import { never } from '../core/errors.ts';
import type { ChildState, DaemonState } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';

/** Only children that may still live are kept: these are what a resumed run must find and end. */
export function foldChild(state: DaemonState, body: EventAbout<'child'>, at: number): DaemonState {
  const children = new Map(state.children);
  change(children, body, at);
  return { ...state, children };
}

function change(children: Map<string, ChildState>, body: EventAbout<'child'>, at: number): void {
  switch (body.kind) {
    case 'child.planned': {
      const { kind: _, ...planned } = body;
      children.set(body.tag, { ...planned, plannedAt: at, process: undefined });
      return;
    }
    case 'child.started': {
      const planned = children.get(body.tag);
      const process = { pid: body.pid, startTime: body.startTime };
      if (planned) children.set(body.tag, { ...planned, process });
      return;
    }
    case 'child.ended':
      children.delete(body.tag);
      return;
    default:
      never(body);
  }
}
