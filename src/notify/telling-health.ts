import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import { redact } from '../core/redaction.ts';
import type { DaemonState } from '../incident/daemon-state.ts';
import type { EventBody } from '../model/event.ts';
import { aboutDaemon } from '../model/message-identity.ts';
import { ChannelHealth } from './health.ts';

export interface TellingDependencies {
  readonly state: () => DaemonState;
  readonly append: (...bodies: EventBody[]) => unknown;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Logger, 'error'>;
  readonly onFailing?: (channel: string, failing: boolean) => void;
}

/** What people read of a channel in trouble. */
export interface Words {
  readonly lost: string;
  readonly meanwhile: string;
  readonly well: string;
  /** Followed by the time at which it began. */
  readonly after: string;
}

/** Tells by the other channels, as soon as they can: and by the one in trouble when it is well again. */
export function tellingHealth(
  { state, append, clock, log, onFailing = () => {} }: TellingDependencies,
  wordsFor: (channel: string) => Words,
): ChannelHealth {
  const tell = (channel: string, subject: string, text: string, urgency: 'told' | 'alarmed') => {
    const message = aboutDaemon('channel', `${channel} ${state().lastSeq}`);
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
      const { lost, meanwhile } = wordsFor(channel);
      tell(channel, lost, `${redact(reason)}. ${meanwhile}`, 'alarmed');
    },
    onWell(channel, since) {
      const { well, after } = wordsFor(channel);
      tell(channel, well, `${after} ${new Date(since).toISOString()}.`, 'told');
    },
  });
}
