import type { MessageMetadata } from '@slack/web-api';
import type { Line } from './line.ts';
import type { Place } from './post.ts';
import type { SlackWeb } from './web.ts';

const eventType = 'rollbackd_message';
/** Slack's clock and ours are not the same. */
const clocksApartMs = 600_000;
const pageSize = 200;
const mostPages = 20;

export const metadataOf = (id: string, target: string): MessageMetadata => ({
  event_type: eventType,
  event_payload: { id, target },
});

export interface Sought {
  readonly id: string;
  readonly target: string;
  readonly since: number;
  readonly channel: string;
  readonly thread: string | undefined;
}

/** The message that carries this id, in the channel or in the thread, if it is there. */
export async function findPosted(
  { web, reads }: { readonly web: SlackWeb; readonly reads: Line },
  sought: Sought,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const { channel, thread, since } = sought;
  const oldest = Math.max(0, (since - clocksApartMs) / 1_000).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const asked = {
      channel,
      oldest,
      limit: pageSize,
      include_all_metadata: true,
      ...(cursor !== undefined && { cursor }),
    };
    const list = () => (thread === undefined ? web.conversations.history(asked) : replies(web, asked, thread));
    const { messages = [], response_metadata } = await reads.call(list, signal);
    const found = messages.find(({ metadata }) => isSought(metadata, sought));
    if (found?.ts !== undefined) return { channel, ts: found.ts };
    cursor = response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}

type Asked = Parameters<SlackWeb['conversations']['history']>[0];

const replies = (web: SlackWeb, asked: Asked, thread: string) => web.conversations.replies({ ...asked, ts: thread });

function isSought(metadata: unknown, { id, target }: Sought): boolean {
  const { event_type, event_payload } = (metadata ?? {}) as Partial<MessageMetadata>;
  return event_type === eventType && event_payload?.id === id && event_payload.target === target;
}
