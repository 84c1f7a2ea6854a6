import { z } from 'zod';
import { absolutePath, secret, text, urlPath } from '../core/scalars.ts';
import { role } from '../model/person.ts';

const port = z.int().min(0).max(65_535);

const socketMode = z.strictObject({
  appToken: secret.describe('An app-level token with the scope `connections:write` (`xapp-...`).'),
});

const request = z.strictObject({
  signingSecret: secret.describe('The signing secret of the Slack application.'),
  host: z.string().default('127.0.0.1').describe('Address that rollbackd listens on.'),
  port: port.describe('Port that rollbackd listens on, another one than `doors.http.port`; 0 takes any free one.'),
  path: urlPath.default('/slack/actions').describe('Path of the requests.'),
});

const group = z.strictObject({
  id: z
    .string()
    .regex(/^S[A-Z0-9]+$/, 'must be the id of a user group, such as S0123456789')
    .describe('Id of the user group, such as `S0123456789`.'),
  role: role.describe('The role that its members hold.'),
});

const slackDoorSchema = z.strictObject({
  teamId: z
    .string()
    .regex(/^[TE][A-Z0-9]+$/, 'must be the id of a workspace, such as T0123456789')
    .describe('Id of the workspace, such as `T0123456789`: clicks of any other are refused.'),
  appId: z
    .string()
    .regex(/^A[A-Z0-9]+$/, 'must be the id of an application, such as A0123456789')
    .describe('Id of the Slack application, such as `A0123456789`: clicks of any other are refused.'),
  socketMode: socketMode
    .optional()
    .describe('Clicks come over a connection that rollbackd opens itself. Either this or `request`.'),
  request: request
    .optional()
    .describe('Clicks come as signed requests, which something in front must let in. Either this or `socketMode`.'),
  groups: z
    .array(group)
    .default([])
    .describe(
      'User groups in Slack that give their members, who must be in `people`, a role besides their own. The Slack application needs the scope `usergroups:read`.',
    ),
});
export type SlackDoorConfig = z.infer<typeof slackDoorSchema>;

const socket = z.strictObject({
  path: absolutePath.describe('Path of the socket, at most 107 bytes.'),
  group: z
    .string()
    .optional()
    .describe("Unix group that may open the socket, by name or number. Left out, only rollbackd's own user may."),
  nonceFolder: absolutePath.describe(
    "Folder in which callers prove their uid, root's or rollbackd's own, with mode 1733.",
  ),
});

const http = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address that it listens on.'),
  port: port.default(9464).describe('Port that it listens on; 0 takes any free one.'),
});

export const doorsSchema = z.strictObject({
  socket: socket.describe('The Unix socket for commands.'),
  http: http.prefault({}).describe('`/metrics`, `/healthz` and `/readyz` over HTTP.'),
  slack: slackDoorSchema
    .optional()
    .describe(
      'The buttons under the messages of `notify.slack`, which it needs (docs/slack.md). Left out, people answer by the command line alone.',
    ),
});
export type DoorsConfig = z.infer<typeof doorsSchema>;

const member = z.strictObject({
  name: text.describe('Name by which the person is known in messages and in the journal. Nobody else has it.'),
  roles: z.array(role).min(1).describe('What the person may answer for.'),
  uid: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'The Unix user id (`id -u`), proven at every command. Left out, the person gives none; root is nobody unless written here.',
    ),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]+$/, 'must be the id of a Slack user, such as U0123456789')
    .optional()
    .describe('The Slack user id, such as `U0123456789`, which every click carries. Left out, clicks are refused.'),
});

export const peopleSchema = z.array(member).min(1);
export type PeopleConfig = z.infer<typeof peopleSchema>;
