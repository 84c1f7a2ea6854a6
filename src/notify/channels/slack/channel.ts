import type { QueuedMessage } from '../../../incident/daemon-state.ts';
import type { Channel, Delivery } from '../../channel.ts';
import { Cards, type CardsDependencies } from './cards.ts';
import { failureOf } from './failure.ts';
import { Line } from './line.ts';
import { cutText, escapeText } from './markup.ts';
import { calls, incidentOf, mentions } from './mentions.ts';
import { Poster } from './post.ts';

export interface SlackChannelDependencies extends Omit<CardsDependencies, 'line' | 'poster'> {
  /** Names of those who are told at a deadline. */
  readonly escalation: readonly string[];
  /** Least time between two writes into the channel. */
  readonly spacingMs?: number;
}

export interface SlackChannel extends Channel {
  readonly cards: Cards;
}

const aSecond = 1_000;
/** Far below Slack's limit of 40,000: nobody reads more, and the whole is in the journal. */
const longestText = 3_500;

/** Messages about an incident and its run go into the thread of its card, all others into the channel. */
export function slackChannel(dependencies: SlackChannelDependencies): SlackChannel {
  const { web, clock, context, state, channel, escalation, spacingMs = aSecond } = dependencies;
  const line = new Line({ clock, spacingMs });
  // Slack counts what is read apart from what is written: being told to wait for one delays no alarm.
  const reads = new Line({ clock, spacingMs: 0 });
  const poster = new Poster({ web, line, reads, clock, target: context().target });
  const cards = new Cards({ ...dependencies, line, poster });
  const post = async (message: QueuedMessage, signal: AbortSignal): Promise<void> => {
    const incident = incidentOf(state(), message.message);
    const thread = incident && (await cards.placeOf(incident.id, signal));
    const to = mentions(message, incident, { ...context(), escalation }, clock.now());
    const broadcast = message.urgency === 'alarmed' && calls(message, incident);
    const place = thread ? { channel: thread.channel, thread: thread.ts, broadcast } : { channel };
    await poster.post({ id: message.message, since: message.queuedAt, ...place, text: textOf(message, to) }, signal);
  };
  return {
    name: 'slack',
    cards,
    deliver: (message, signal) =>
      post(message, signal).then((): Delivery => ({ outcome: 'delivered' }), refusedOrFailed),
  };
}

/** A token or a channel can be put right by somebody, and then the message is still wanted: no failure of that kind is final. */
export function failed(error: unknown): Extract<Delivery, { outcome: 'failed' }> {
  const { reason, about, retryAfterMs } = failureOf(error);
  return {
    outcome: 'failed',
    reason,
    ...(about === 'access' && { lasting: true }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Only a message that Slack will never take as it is, is given up. */
function refusedOrFailed(error: unknown): Delivery {
  const { reason, about } = failureOf(error);
  return about === 'content' ? { outcome: 'refused', reason } : failed(error);
}

function textOf({ subject, text, urgency }: QueuedMessage, to: readonly string[]): string {
  const names = to.map((mark) => `${mark} `).join('');
  const title = urgency === 'progress' ? escapeText(subject) : `*${escapeText(subject)}*`;
  return cutText(`${names}${title}${text === '' ? '' : `\n${escapeText(text)}`}`, longestText);
}
