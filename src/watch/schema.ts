import { z } from 'zod';
import { duration } from '../core/scalars.ts';

export const watchSchema = z.strictObject({
  /** Runbook: 2-4 hours. */
  duration: duration.prefault('2h'),
});
export type WatchConfig = z.infer<typeof watchSchema>;
