import { z } from 'zod';
import { duration } from '../core/scalars.ts';

export const watchSchema = z.strictObject({
  /** Runbook: 2-4 hours. */
  duration: duration.prefault('2h'),
  /** Allows a watch shorter than two hours: for demonstrations and drills, never beside a real application. */
  compressed: z.boolean().default(false),
});
