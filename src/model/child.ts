import { z } from 'zod';

/** Written before the child exists: its environment carries the tag, so that an orphan can be found again. */
export const childPlanned = z.strictObject({
  tag: z.string(),
  run: z.string(),
  step: z.string(),
  program: z.string(),
  /** Arguments with secrets taken out. */
  arguments: z.array(z.string()),
});
export type ChildPlanned = z.infer<typeof childPlanned>;

/** Identity of a process on this host: the start time tells a reused pid from the same one. */
export const processIdentity = z.strictObject({
  pid: z.number().int(),
  /** Field 22 of /proc/<pid>/stat, clock ticks since boot. */
  startTime: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentity>;

export const childEnded = z.strictObject({
  tag: z.string(),
  outcome: z.enum(['exited', 'killed', 'timed-out', 'never-started', 'ended-as-orphan']),
  code: z.number().int().optional(),
});
