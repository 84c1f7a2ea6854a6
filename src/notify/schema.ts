import { z } from 'zod';
import { duration, httpUrl, secret, text } from '../core/scalars.ts';

export const notifySchema = z.strictObject({
  webhook: z
    .strictObject({
      url: httpUrl.describe('Where each message is posted as JSON.'),
      authorization: secret
        .optional()
        .describe('The whole `Authorization` header, such as `Bearer ...`. Left out, none is sent.'),
      timeout: duration.prefault('8s').describe('How long one delivery may take.'),
    })
    .optional()
    .describe('An address that gets the messages. Left out, there is no webhook.'),
  slack: z
    .strictObject({
      botToken: secret.describe('The Bot User OAuth Token of the Slack application (`xoxb-...`).'),
      channel: z
        .string()
        .regex(/^[CG][A-Z0-9]+$/, 'must be the id of a channel, such as C0123456789, not its name')
        .describe(
          'Id of the channel, such as `C0123456789`: a name may change hands, the id does not. The application must be a member.',
        ),
      apiUrl: httpUrl.optional().describe("Where the Web API is, for tests. Left out, Slack's own."),
      timeout: duration.prefault('8s').describe('How long one request to Slack may take.'),
    })
    .optional()
    .describe('The channel in Slack that gets the messages (docs/slack.md). Left out, Slack is not used.'),
  escalation: z
    .array(text)
    .default([])
    .describe('Names out of `people`: who is named when a deadline passes without an answer.'),
});
export type NotifyConfig = z.infer<typeof notifySchema>;
export type SlackConfig = NonNullable<NotifyConfig['slack']>;
