import type { ProcessIdentity } from '../model/child.ts';
import type { EventBody } from '../model/event.ts';

/** A child of which the journal knows no end. Without an identity it was planned, and may or may not have come to be. */
export interface OpenChild {
  readonly tag: string;
  readonly run: string;
  readonly step: string;
  readonly program: string;
  readonly identity?: ProcessIdentity;
}

export function openChildren(history: Iterable<EventBody>): OpenChild[] {
  const open = new Map<string, OpenChild>();
  for (const body of history) {
    if (body.kind === 'child.planned') {
      open.set(body.tag, { tag: body.tag, run: body.run, step: body.step, program: body.program });
    } else if (body.kind === 'child.started') {
      const planned = open.get(body.tag);
      if (planned) open.set(body.tag, { ...planned, identity: { pid: body.pid, startTime: body.startTime } });
    } else if (body.kind === 'child.ended') {
      open.delete(body.tag);
    }
  }
  return [...open.values()];
}
