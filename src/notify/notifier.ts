import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { isAbout } from '../incident/event-rooms.ts';
import type { EventBody } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Channel } from './channel.ts';
import { logChannel } from './channels/log.ts';
import type { Audience } from './channels/slack/audience.ts';
import type { WayToAnswer } from './channels/slack/card.ts';
import type { SlackChannel } from './channels/slack/channel.ts';
import { type Seen, seenAfter } from './channels/slack/seen.ts';
import { webhookChannel } from './channels/webhook.ts';
import type { ChannelHealth, ChannelTrouble } from './health.ts';
import { Outbox } from './outbox.ts';
import type { NotifyConfig } from './schema.ts';
import { tellingHealth, type Words } from './telling-health.ts';
import type { WayIn, WayInState } from './way-in.ts';

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
  readonly wayIn: WayIn;
  /** The newest verdicts, which the cards show. */
  readonly verdicts?: (() => readonly Verdict[]) | undefined;
  readonly onFailing: (channel: string, failing: boolean) => void;
}

/** Tells people what the journal has to tell, by every configured channel. */
export interface Notifier {
  run(signal: AbortSignal): Promise<void>;
  /** After each new event. */
  heard(body: EventBody): void;
  troubles(): readonly ChannelTrouble[];
}

const cards = 'cards';

export async function createNotifier(dependencies: NotifierDependencies): Promise<Notifier> {
  const { config, state, append, clock, log, wayIn } = dependencies;
  const { webhook } = config;
  const health = tellingHealth(dependencies, wordsFor);
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
    async run(signal) {
      const unsubscribe = wayIn.subscribe(() => slack?.cards.wake());
      await Promise.all([outbox.run(signal), slack?.cards.run(signal)]).finally(unsubscribe);
    },
    heard(body) {
      if (body.kind === 'message.queued') outbox.wake();
      if (isAbout('incident', body) || isAbout('run', body) || isAbout('watch', body)) slack?.cards.wake();
    },
    troubles: () => [...health.troubles(), ...wayIn.troubles()],
  };
}

/** Its libraries are loaded only where they are wanted. */
async function openSlack(dependencies: NotifierDependencies, health: ChannelHealth): Promise<SlackChannel | undefined> {
  const { config, target, people, door, state, append, clock, log, wayIn, verdicts = () => [] } = dependencies;
  const { slack, escalation } = config;
  if (!slack) return undefined;
  const [{ openWeb }, { failed, slackChannel }] = await Promise.all([
    import('./channels/slack/web.ts'),
    import('./channels/slack/channel.ts'),
  ]);
  let seen: Seen | undefined;
  const seenNow = () => {
    seen = seenAfter(seen, verdicts(), clock.now());
    return seen.verdicts;
  };
  const wayToAnswer = () => (door ? waysToAnswer[wayIn.state] : 'command-line');
  return slackChannel({
    web: openWeb(slack),
    channel: slack.channel,
    context: () => ({ target, people, groups: door?.groups ?? [], way: wayToAnswer(), seen: seenNow() }),
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

const waysToAnswer: Readonly<Record<WayInState, WayToAnswer>> = {
  open: 'buttons',
  doubtful: 'buttons-doubtful',
  lost: 'buttons-lost',
};

const wordsFor = (channel: string): Words => ({
  lost: `${channel} takes no messages`,
  meanwhile: 'rollbackd keeps every message and tries again. Meanwhile: `rollbackd status`, `approve`, `reject`.',
  well: `${channel} takes messages again`,
  after: 'What waited follows. It took no messages since',
});
