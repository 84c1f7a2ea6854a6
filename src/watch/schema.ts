import { z } from 'zod';
import { duration } from '../core/scalars.ts';

export const watchSchema = z.strictObject({
  duration: duration
    .prefault('2h')
    .describe('How long the restored system is watched after a rollback, from `2h` to `4h` as the runbook says.'),
  compressed: z
    .boolean()
    .default(false)
    .describe('Allows a watch shorter than two hours: for demonstrations and drills, never beside a real application.'),
});
