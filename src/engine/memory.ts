import { RollbackdError } from '../core/errors.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { emptyState } from '../incident/daemon-state.ts';
import { fold } from '../incident/fold.ts';
import { permits } from '../incident/transitions.ts';
import type { Journal, JournalError } from '../journal/journal.ts';
import type { EventBody, JournalEvent } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';

/** The journal and what follows from it, always in step. */
export interface Memory {
  state(): DaemonState;
  /** Writes down what happened. Errors: RollbackdError `not-permitted` where the present state forbids it, JournalError where the disk does. */
  append(...bodies: EventBody[]): JournalEvent[];
  /**
   * What is so whether or not the disk takes it now: known at once, and written before anything else as soon as it can be.
   * Nothing can be done meanwhile, since whatever is done is written down first.
   */
  owe(...bodies: EventBody[]): void;
  /** Tries to write what is owed. */
  settle(): void;
  /** Called after each event, with the state that already knows it. Returns what ends it. */
  subscribe(listener: (event: JournalEvent) => void): () => void;
  readonly writable: boolean;
  /** Why it is not. */
  readonly refusal?: JournalError | undefined;
}

/** `onEvent` is told of every event, what the journal holds already and what comes. */
export function openMemory(
  journal: Journal,
  configuredMode: Exclude<Mode, 'armed'>,
  onEvent: (event: JournalEvent) => void = () => {},
  now: () => number = Date.now,
): Memory {
  let written = emptyState(configuredMode);
  let owed: readonly EventBody[] = [];
  let state = written;
  const listeners = new Set([onEvent]);
  for (const event of journal.read()) {
    written = state = fold(state, event);
    onEvent(event);
  }
  journal.subscribe((event) => {
    written = state = fold(written, event);
    for (const listener of listeners) listener(event);
  });
  const write = (bodies: readonly EventBody[]): JournalEvent[] => {
    const before = owed;
    owed = [];
    try {
      return journal.append(...before, ...bodies).slice(before.length);
    } catch (error) {
      owed = before;
      throw error;
    }
  };
  const settle = () => {
    if (owed.length === 0) return;
    try {
      write([]);
    } catch (error) {
      if (!(error instanceof RollbackdError)) throw error;
    }
  };
  return {
    state: () => state,
    append(...bodies) {
      refuseForbidden(state, bodies);
      return write(bodies);
    },
    owe(...bodies) {
      refuseForbidden(state, bodies);
      const known = state;
      owed = [...owed, ...bodies];
      settle();
      if (owed.length > 0) state = bodies.reduce((before, body) => imagined(before, body, now()), known);
    },
    settle,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get writable() {
      return journal.writable;
    },
    get refusal() {
      return journal.refusal;
    },
  };
}

const imagined = (state: DaemonState, body: EventBody, at: number): DaemonState =>
  fold(state, { seq: state.lastSeq + 1, at, body, hash: '' });

/** Each body as the ones before it would leave the state: all are written, or none. */
function refuseForbidden(state: DaemonState, bodies: readonly EventBody[]): void {
  let known = state;
  for (const body of bodies) {
    const refusal = permits(known, body);
    if (refusal) throw new RollbackdError('not-permitted', `${body.kind} is not permitted now: ${refusal}`);
    known = imagined(known, body, 0);
  }
}
