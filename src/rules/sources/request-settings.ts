import { z } from 'zod';
import { duration } from '../../core/scalars.ts';

const window = z.strictObject({
  over: duration.describe('How long the window is: all requests of that time are taken together.'),
  odds: z.number().min(1).describe('Chance alone would show so many bad requests less than once in this many times.'),
  failures: z.int().min(1).default(8).describe('With fewer bad requests it never fires.'),
  parts: z
    .int()
    .min(3)
    .max(6)
    .default(6)
    .describe('So many of the six parts of the window must be above the threshold, too: a burst is in few of them.'),
  halfOdds: z
    .number()
    .min(1)
    .default(3)
    .describe(
      'The three best parts, taken together, must be above it as well: by chance less than once in this many times.',
    ),
});

/** How a share of requests is judged: the same for errors, slow answers, routes and tenants. */
export const requestSettings = z.strictObject({
  slot: duration
    .prefault('5s')
    .describe(
      'Requests are added up in slots of this length: at least `1s`. A sixth of the shortest window is a multiple of it.',
    ),
  windows: z
    .array(window)
    .min(1)
    .prefault([
      { over: '3m', odds: 10_000 },
      { over: '10m', odds: 1_000, parts: 5 },
      { over: '30m', odds: 300, parts: 5 },
      { over: '30m', odds: 5, parts: 4, failures: 30, halfOdds: 1 },
    ])
    .describe(
      'A share is above its threshold where one of these windows shows it by more than chance, and throughout. The shortest first.',
    ),
  clearOdds: z
    .number()
    .min(2)
    .default(20)
    .describe(
      'It is resolved where one of the windows, or one four times as long as the longest, is below `clear`: chance alone would show so few bad requests less than once in this many times.',
    ),
});
export type RequestSettings = z.infer<typeof requestSettings>;
