import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import { redact } from '../core/redaction.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import { isAbout } from '../incident/event-rooms.ts';
import type { EventBody } from '../model/event.ts';
import type { Channel } from './channel.ts';
import { logChannel } from './channels/log.ts';
import type { Audience } from './channels/slack/audience.ts';
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
}

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
  return slackChannel({
    web: openWeb(slack),
    channel: slack.channel,
    context: () => ({ target, people, groups: door?.groups ?? [], way: door ? 'buttons' : 'command-line' }),
    escalation,
    state,
    append,
    clock,
    onShown: () => health.note('slack', { outcome: 'delivered' }),
    onFailure(incident, error) {
      const failure = failed(error);
      health.note('slack', failure);
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
    onFailing,
    onTrouble({ channel, reason }) {
      const text = `${redact(reason)}. It is tried again and again, and nothing is lost. Meanwhile: \`rollbackd status\`, \`approve\`, \`reject\`.`;
      tell(channel, `${channel} takes no messages`, text, 'alarmed');
    },
    onWell(channel, since) {
      const text = `It had taken none since ${new Date(since).toISOString()}; what waited follows.`;
      tell(channel, `${channel} takes messages again`, text, 'told');
    },
  });
}
