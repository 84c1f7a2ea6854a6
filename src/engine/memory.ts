import { RollbackdError } from '../core/errors.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { emptyState } from '../incident/daemon-state.ts';
import { fold } from '../incident/fold.ts';
import { permits } from '../incident/transitions.ts';
import type { Journal } from '../journal/journal.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';

/** The journal and what follows from it, always in step. */
export interface Memory {
  state(): DaemonState;
  /** Writes down what happened. Errors: RollbackdError `not-permitted` where the present state forbids it, JournalError where the disk does. */
  append(...bodies: EventBody[]): JournalEvent[];
  /** Called after each event, with the state that already knows it. Returns what ends it. */
  subscribe(listener: (event: JournalEvent) => void): () => void;
  readonly writable: boolean;
}

/** `onEvent` is told of every event, what the journal holds already and what comes. */
export function openMemory(
  journal: Journal,
  configuredMode: Exclude<Mode, 'armed'>,
  onEvent: (event: JournalEvent) => void = () => {},
): Memory {
  let state = emptyState(configuredMode);
  const listeners = new Set([onEvent]);
  for (const event of journal.read()) {
    state = fold(state, event);
    onEvent(event);
  }
  journal.subscribe((event) => {
    state = fold(state, event);
    for (const listener of listeners) listener(event);
  });
  return {
    state: () => state,
    append(...bodies) {
      refuseForbidden(state, bodies);
      return journal.append(...bodies);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get writable() {
      return journal.writable;
    },
  };
}

/** Each body as the ones before it would leave the state: all are written, or none. */
function refuseForbidden(state: DaemonState, bodies: readonly EventBody[]): void {
  let imagined = state;
  for (const body of bodies) {
    const refusal = permits(imagined, body);
    if (refusal) throw new RollbackdError('not-permitted', `${body.kind} is not permitted now: ${refusal}`);
    imagined = fold(imagined, { seq: imagined.lastSeq + 1, at: 0, body, hash: '' });
  }
}
