import { z } from 'zod';
import { absolutePath, duration } from '../core/scalars.ts';

export const watchSchema = z.strictObject({
  /** Runbook: 2-4 hours. */
  duration: duration.prefault('2h'),
  /** Written while the rolled-back code must not be deployed over. */
  freezeFile: absolutePath,
});
export type WatchConfig = z.infer<typeof watchSchema>;
