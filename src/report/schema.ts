import { z } from 'zod';

export const reportSchema = z.strictObject({
  daily: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day: write it as 08:00, in quotes')
    .default('08:00')
    .describe(
      'While rollbackd only observes, people are told once a day at this time (of the machine) what it would have done; one that was missed is sent at the next start.',
    ),
});
