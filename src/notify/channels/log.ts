import type { Logger } from 'pino';
import type { Channel } from '../channel.ts';

const level = { progress: 'info', told: 'info', asked: 'warn', alarmed: 'error' } as const;

/** The daemon's own log: the channel that is always there. */
export function logChannel(log: Logger): Channel {
  return {
    name: 'log',
    async deliver({ message, subject, text, urgency }) {
      log[level[urgency]]({ message, urgency, text }, subject);
      return { outcome: 'delivered' };
    },
  };
}
