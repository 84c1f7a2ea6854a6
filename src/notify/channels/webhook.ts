import type { Readable } from 'node:stream';
import axios from 'axios';
import type { Channel, Delivery } from '../channel.ts';
import type { NotifyConfig } from '../schema.ts';

/** POSTs each message as JSON; `message` is its id, by which the receiver recognises a repetition. */
export function webhookChannel(config: NonNullable<NotifyConfig['webhook']>): Channel {
  return {
    name: 'webhook',
    async deliver({ message, subject, text, urgency, queuedAt }, signal): Promise<Delivery> {
      try {
        const { status, data } = await axios.post<Readable>(
          config.url,
          { message, subject, text, urgency, at: new Date(queuedAt).toISOString() },
          {
            headers: config.authorization ? { authorization: config.authorization.reveal() } : {},
            signal: AbortSignal.any([signal, AbortSignal.timeout(config.timeout)]),
            validateStatus: () => true,
            maxRedirects: 0,
            proxy: false,
            // The status says it all: nobody reads what the receiver has to add, however much it is.
            responseType: 'stream',
          },
        );
        data.destroy();
        return outcomeOf(status);
      } catch (error) {
        return { outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** What the receiver has against the message itself. All else, an expired token or a moved address too, is mended some day. */
const final: readonly number[] = [400, 413, 415, 422];

function outcomeOf(status: number): Delivery {
  if (status < 300) return { outcome: 'delivered' };
  const reason = `status ${status}`;
  return final.includes(status) ? { outcome: 'refused', reason } : { outcome: 'failed', reason };
}
