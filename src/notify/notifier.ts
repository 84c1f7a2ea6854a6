import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import { redact } from '../core/redaction.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { isAbout } from '../incident/event-rooms.ts';
import type { EventBody } from '../model/event.ts';
import type { Channel, Delivery } from './channel.ts';
import { logChannel } from './channels/log.ts';
import type { Audience } from './channels/slack/audience.ts';
import type { WayToAnswer } from './channels/slack/card.ts';
import type { SlackChannel } from './channels/slack/channel.ts';
import { webhookChannel } from './channels/webhook.ts';
import { ChannelHealth, type ChannelTrouble } from './health.ts';
import { Outbox } from './outbox.ts';
import type { NotifyConfig } from './schema.ts';

export interface NotifierDependencies {
  readonly config: NotifyConfig;
  readonly target: string;
  readonly people: Audience['people'];
  /** Through which people answer in Slack; absent: they only read there. */
  readonly door: Pick<Audience, 'groups'> | undefined;
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFailing: (channel: string, failing: boolean) => void;
}

/** Tells people what the journal has to tell, by every configured channel. */
export interface Notifier {
  run(signal: AbortSignal): Promise<void>;
  /** After each new event. */
  heard(body: EventBody): void;
  troubles(): readonly ChannelTrouble[];
  /** Whether answers that people give in Slack arrive. */
  noteWayIn(delivery: Delivery): void;
}

/** Stands among the channels: what it carries comes the other way. */
const wayIn = 'slack-answers';
const cards = 'cards';

export async function createNotifier(dependencies: NotifierDependencies): Promise<Notifier> {
  const { config, state, append, clock, log } = dependencies;
  const { webhook } = config;
  const health = healthOf(dependencies);
  const slack = await openSlack(dependencies, health);
  const channels: Channel[] = [
    logChannel(log),
    ...(webhook ? [webhookChannel(webhook)] : []),
    ...(slack ? [slack] : []),
  ];
  const outbox = new Outbox({
    channels,
    state,
    append,
    clock,
    onFailure: (channel, { message }, reason) => log.warn({ channel, message, reason }, 'a message was not delivered'),
    onAttempt: (channel, delivery) => health.note(channel, delivery),
  });
  return {
    run: async (signal) => void (await Promise.all([outbox.run(signal), slack?.cards.run(signal)])),
    heard(body) {
      if (body.kind === 'message.queued') outbox.wake();
      if (isAbout('incident', body) || isAbout('run', body) || isAbout('watch', body)) slack?.cards.wake();
    },
    troubles: () => health.troubles(),
    noteWayIn(delivery) {
      health.note(wayIn, delivery);
      slack?.cards.wake();
    },
  };
}

/** Its libraries are loaded only where they are wanted. */
async function openSlack(dependencies: NotifierDependencies, health: ChannelHealth): Promise<SlackChannel | undefined> {
  const { config, target, people, door, state, append, clock, log } = dependencies;
  const { slack, escalation } = config;
  if (!slack) return undefined;
  const [{ openWeb }, { failed, slackChannel }] = await Promise.all([
    import('./channels/slack/web.ts'),
    import('./channels/slack/channel.ts'),
  ]);
  const wayToAnswer = (): WayToAnswer => {
    if (!door) return 'command-line';
    return health.fails(wayIn) ? 'buttons-lost' : 'buttons';
  };
  return slackChannel({
    web: openWeb(slack),
    channel: slack.channel,
    context: () => ({ target, people, groups: door?.groups ?? [], way: wayToAnswer() }),
    escalation,
    state,
    append,
    clock,
    onUpToDate: () => health.note('slack', { outcome: 'delivered' }, cards),
    onFailure(incident, error) {
      const failure = failed(error);
      health.note('slack', failure, cards);
      log.warn({ incident, reason: failure.reason }, 'the message of an incident could not be brought up to date');
    },
  });
}

/** By the other channels, as soon as they can: and by this one when it is well again. */
function healthOf({ state, append, clock, log, onFailing }: NotifierDependencies): ChannelHealth {
  const tell = (channel: string, subject: string, text: string, urgency: 'told' | 'alarmed') => {
    const message = `channel-${channel}/${state().lastSeq}`;
    try {
      append({ kind: 'message.queued', message, subject, text, urgency });
    } catch (error) {
      log.error({ channel, reason: explain(error) }, subject);
    }
  };
  return new ChannelHealth({
    clock,
    onFailing: (channel, failing) => channel !== wayIn && onFailing(channel, failing),
    onTrouble({ channel, reason }) {
      const { lost, meanwhile } = wordsFor(channel);
      tell(channel, lost, `${redact(reason)}. ${meanwhile}`, 'alarmed');
    },
    onWell(channel, since) {
      const { well, after } = wordsFor(channel);
      tell(channel, well, `${after} ${new Date(since).toISOString()}.`, 'told');
    },
  });
}

function wordsFor(channel: string) {
  if (channel === wayIn) {
    return {
      lost: 'answers in Slack do not arrive',
      meanwhile: 'The buttons do nothing: answer with `rollbackd approve` or `rollbackd reject`.',
      well: 'answers in Slack arrive again',
      after: 'None may have arrived since',
    };
  }
  return {
    lost: `${channel} takes no messages`,
    meanwhile: 'It is tried again and again, and nothing is lost. Meanwhile: `rollbackd status`, `approve`, `reject`.',
    well: `${channel} takes messages again`,
    after: 'What waited follows; it had taken none since',
  };
}
