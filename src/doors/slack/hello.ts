import { z } from 'zod';
import type { Delivery } from '../../notify/channel.ts';

const hello = z.object({
  type: z.literal('hello'),
  /** How many the application has, this one included. */
  num_connections: z.number().optional(),
  connection_info: z.object({ app_id: z.string().optional() }).optional(),
});
export type Hello = z.infer<typeof hello>;

const goodbye = z.object({ type: z.literal('disconnect'), reason: z.string().optional() });
const control = z.union([hello, goodbye]);
export type Control = z.infer<typeof control>;

/** What Slack says about the connection itself; `undefined` for all else. */
export function controlOf(message: unknown): Control | undefined {
  if (typeof message !== 'string') return undefined;
  try {
    return control.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

/** Whether clicks get here. */
export function wayInBy(hello: Hello, appId: string): Delivery {
  const connectedAs = hello.connection_info?.app_id ?? appId;
  if (connectedAs === appId) return { outcome: 'delivered' };
  return { outcome: 'failed', reason: wrongApp(connectedAs, appId), lasting: true };
}

/** Whether all of them do: Slack hands each to one connection of the application, whichever, and counts for a while one that has died. */
export function soleBy(hello: Hello, own: number): Delivery {
  const others = (hello.num_connections ?? own) - own;
  if (others <= 0) return { outcome: 'delivered' };
  const reason = `somebody else is connected as this application (${others} more): clicks may go there`;
  return { outcome: 'failed', reason };
}

export const wrongApp = (is: string, configured: string): string =>
  `clicks come from the application ${is}, but doors.slack.appId is ${configured}: every click is refused. Next: mend whichever is wrong`;
