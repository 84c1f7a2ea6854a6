import { z } from 'zod';
import { absolutePath, duration, size } from '../core/scalars.ts';

export const rollbackSchema = z.strictObject({
  /** Snapshots and replaced files of each run: customer data, readable by the daemon's user alone. */
  evidenceFolder: absolutePath,
  /** Written while the rolled-back code must not be deployed over; deployment scripts look for it. */
  freezeFile: absolutePath,
  /** Free space that must remain after everything is stored. */
  keepFree: size.prefault('1GiB'),
  /** How long the unified database must stand still before it counts as fenced. */
  fenceQuiet: duration.prefault('2s'),
  livenessTimeout: duration.prefault('90s'),
  /** How long the application is left to warm up before it is judged. */
  settle: duration.prefault('5s'),
  /** Runbook 5.4: the average of ten requests. */
  responseTimeLimit: duration.prefault('100ms'),
  responseTimePath: z.string().startsWith('/'),
});
export type RollbackConfig = z.infer<typeof rollbackSchema>;
