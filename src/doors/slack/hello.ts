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

/** Whether clicks get here. Slack hands each of them to one connection of the application, whichever. */
export function wayInBy(hello: Hello, { appId, own }: { readonly appId: string; readonly own: number }): Delivery {
  const connectedAs = hello.connection_info?.app_id ?? appId;
  if (connectedAs !== appId) return { outcome: 'failed', reason: wrongApp(connectedAs, appId), lasting: true };
  const others = (hello.num_connections ?? own) - own;
  if (others <= 0) return { outcome: 'delivered' };
  const reason = `somebody else is connected as this application (${others} more): clicks may go there`;
  return { outcome: 'failed', reason };
}

export const wrongApp = (is: string, configured: string): string =>
  `clicks come from the application ${is}, but doors.slack.appId is ${configured}: every click is refused. Next: mend whichever is wrong`;
