import { never } from '../core/errors.ts';
import { identityOf } from '../model/message-identity.ts';
import { takesUrgency } from '../model/urgency.ts';
import { storied } from './change-incident.ts';
import type { DaemonState, QueuedMessage } from './daemon-state.ts';
import type { EventAbout } from './event-rooms.ts';
import { withTold } from './told.ts';

/** Far more than any channel ever has before it: what the log has taken may still have to reach people. */
const kept = 1_000;

export function foldMessage(state: DaemonState, body: EventAbout<'message'>, at: number): DaemonState {
  switch (body.kind) {
    case 'message.queued': {
      const { kind: _, ...queued } = body;
      const { channels } = state;
      const message = { ...queued, queuedAt: at, ...(channels && { channels }), deliveredTo: [], undeliverable: [] };
      return remembered(withMessage(state, message), body.message, at);
    }
    case 'message.delivered':
      return changed(state, body.message, (known) => ({ ...known, deliveredTo: [...known.deliveredTo, body.channel] }));
    case 'message.undeliverable': {
      const { channel, reason } = body;
      return changed(state, body.message, (known) => ({
        ...known,
        undeliverable: [...known.undeliverable.filter((other) => other.channel !== channel), { channel, reason }],
      }));
    }
    default:
      return never(body);
  }
}

/** A channel that is taken away loses what it has not taken: where it comes back, it begins anew. */
export function withChannels(state: DaemonState, channels: readonly string[]): DaemonState {
  const still = (message: QueuedMessage): QueuedMessage =>
    message.channels?.some((channel) => !channels.includes(channel))
      ? { ...message, channels: message.channels.filter((channel) => channels.includes(channel)) }
      : message;
  const messages = new Map([...state.messages].map(([id, message]) => [id, still(message)]));
  return { ...state, channels, messages };
}

/** Whether the channel has yet to take or refuse it. */
export function isPending(message: QueuedMessage, channel: string): boolean {
  const { channels, urgency, deliveredTo, undeliverable } = message;
  const isForIt = (channels?.includes(channel) ?? true) && takesUrgency(channel, urgency);
  return isForIt && !deliveredTo.includes(channel) && !undeliverable.some((other) => other.channel === channel);
}

function changed(state: DaemonState, id: string, change: (known: QueuedMessage) => QueuedMessage): DaemonState {
  const known = state.messages.get(id);
  return known ? withMessage(state, change(known)) : state;
}

function withMessage(state: DaemonState, message: QueuedMessage): DaemonState {
  const messages = new Map(state.messages).set(message.message, message);
  for (const old of [...messages.keys()].slice(0, -kept)) messages.delete(old);
  return { ...state, messages };
}

/** An incident or a run itself keeps what was told about it, however long ago. */
function remembered(state: DaemonState, message: string, at: number): DaemonState {
  const identity = identityOf(message);
  if (identity.about === 'daemon') return state;
  const { id, topic } = identity;
  const run = state.runs.get(id);
  if (run) return { ...state, runs: new Map(state.runs).set(id, { ...run, told: withTold(run.told, topic.of, at) }) };
  return storied(state, id, ({ told }) => ({ told: withTold(told, topic.of, at) }));
}
