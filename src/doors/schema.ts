import { z } from 'zod';
import { absolutePath } from '../core/scalars.ts';
import { role } from '../model/person.ts';

export const doorsSchema = z.strictObject({
  socket: z.strictObject({
    path: absolutePath,
    /** Unix group that may open the socket; absent: only the daemon's own user. */
    group: z.string().optional(),
    /** Folder (root's, mode 1733) in which a caller proves its uid. */
    nonceFolder: absolutePath,
  }),
  http: z
    .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535).default(9464) })
    .prefault({}),
});
export type DoorsConfig = z.infer<typeof doorsSchema>;

export const peopleSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      roles: z.array(role).min(1),
      /** The Unix user id that the command line proves. Root is nobody unless it is written here. */
      uid: z.int().nonnegative().optional(),
    }),
  )
  .min(1);
export type PeopleConfig = z.infer<typeof peopleSchema>;
