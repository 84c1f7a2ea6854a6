import type { DaemonState, QueuedMessage } from '../../src/incident/daemon-state.ts';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { fold } from '../../src/incident/fold.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Channel, Delivery } from '../../src/notify/channel.ts';
import { Outbox } from '../../src/notify/outbox.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';

export const queued = (message: string): EventBody => ({
  kind: 'message.queued',
  message,
  subject: `subject of ${message}`,
  text: 'words',
  urgency: 'alarmed',
});

/** A journal in memory: what is appended is folded at once. */
export function journalOf(...past: EventBody[]) {
  let state: DaemonState = emptyState();
  const bodies: EventBody[] = [];
  const append = (...added: EventBody[]) => {
    for (const body of added) {
      bodies.push(body);
      state = fold(state, { seq: bodies.length, at: 0, body, hash: '' });
    }
  };
  append(...past);
  return { bodies, append, state: () => state };
}
export type MemoryJournal = ReturnType<typeof journalOf>;

export interface FakeChannel extends Channel {
  /** Ids of the messages that were offered, in order. */
  readonly offered: string[];
}

/** Answers each offer as the function says; offers are counted from 1. */
export function channelOf(
  name: string,
  answer: (offer: number, message: QueuedMessage, signal: AbortSignal) => Delivery | Promise<Delivery> = () => ({
    outcome: 'delivered',
  }),
): FakeChannel {
  const offered: string[] = [];
  return {
    name,
    offered,
    async deliver(message, signal) {
      offered.push(message.message);
      return answer(offered.length, message, signal);
    },
  };
}

export const failing = (): Delivery => ({ outcome: 'failed', reason: 'status 503' });

export interface RunningOutbox extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly failures: string[];
  readonly attempts: string[];
  readonly outbox: Outbox;
}

export function running(
  journal: MemoryJournal,
  channels: readonly Channel[],
  append: (...bodies: EventBody[]) => unknown = journal.append,
): RunningOutbox {
  const clock = manualClock();
  const failures: string[] = [];
  const attempts: string[] = [];
  const outbox = new Outbox({
    channels,
    state: journal.state,
    append,
    clock,
    onAttempt: (channel, { outcome }) => attempts.push(`${channel} ${outcome}`),
    onFailure: (channel, { message }, reason) => failures.push(`${channel} ${message}: ${reason}`),
  });
  const stopping = new AbortController();
  const work = outbox.run(stopping.signal);
  return {
    clock,
    failures,
    attempts,
    outbox,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('the daemon stops'));
      await work;
    },
  };
}
