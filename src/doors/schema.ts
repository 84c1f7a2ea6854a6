import { z } from 'zod';
import { absolutePath, secret } from '../core/scalars.ts';
import { role } from '../model/person.ts';

const port = z.int().min(0).max(65_535);

const slackDoorSchema = z.strictObject({
  /** Clicks of any other workspace or application are refused. */
  teamId: z.string().regex(/^[TE][A-Z0-9]+$/, 'must be the id of a workspace, such as T0123456789'),
  appId: z.string().regex(/^A[A-Z0-9]+$/, 'must be the id of an application, such as A0123456789'),
  /** Clicks come over a connection that rollbackd opens itself. */
  socketMode: z.strictObject({ appToken: secret }).optional(),
  /** Clicks come as signed requests, which something in front must let in. */
  request: z
    .strictObject({
      signingSecret: secret,
      host: z.string().default('127.0.0.1'),
      port,
      path: z.string().startsWith('/', 'must begin with /').default('/slack/actions'),
    })
    .optional(),
  /** Members of these user groups hold the role besides those of `people`. */
  groups: z
    .array(
      z.strictObject({
        id: z.string().regex(/^S[A-Z0-9]+$/, 'must be the id of a user group, such as S0123456789'),
        role,
      }),
    )
    .default([]),
});
export type SlackDoorConfig = z.infer<typeof slackDoorSchema>;

export const doorsSchema = z.strictObject({
  socket: z.strictObject({
    path: absolutePath,
    /** Unix group that may open the socket; absent: only the daemon's own user. */
    group: z.string().optional(),
    /** Folder (root's, mode 1733) in which a caller proves its uid. */
    nonceFolder: absolutePath,
  }),
  http: z.strictObject({ host: z.string().default('127.0.0.1'), port: port.default(9464) }).prefault({}),
  slack: slackDoorSchema.optional(),
});
export type DoorsConfig = z.infer<typeof doorsSchema>;

export const peopleSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      roles: z.array(role).min(1),
      /** The Unix user id that the command line proves. Root is nobody unless it is written here. */
      uid: z.int().nonnegative().optional(),
      /** The Slack user id, which a click carries. */
      slack: z
        .string()
        .regex(/^[UW][A-Z0-9]+$/, 'must be the id of a Slack user, such as U0123456789')
        .optional(),
    }),
  )
  .min(1);
export type PeopleConfig = z.infer<typeof peopleSchema>;
