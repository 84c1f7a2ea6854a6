import { z } from 'zod';
import { duration, httpUrl, secret } from '../core/scalars.ts';

export const notifySchema = z.strictObject({
  webhook: z
    .strictObject({ url: httpUrl, authorization: secret.optional(), timeout: duration.prefault('8s') })
    .optional(),
  slack: z
    .strictObject({
      botToken: secret,
      /** A name may change hands; the id does not, and messages are updated by it. */
      channel: z.string().regex(/^[CG][A-Z0-9]+$/, 'must be the id of a channel, such as C0123456789, not its name'),
      /** Where the Web API is, for tests; Slack's own where it is left out. */
      apiUrl: httpUrl.optional(),
      timeout: duration.prefault('8s'),
    })
    .optional(),
  /** Names of those who are told when a deadline passes without an answer. */
  escalation: z.array(z.string().min(1)).default([]),
});
export type NotifyConfig = z.infer<typeof notifySchema>;
export type SlackConfig = NonNullable<NotifyConfig['slack']>;
