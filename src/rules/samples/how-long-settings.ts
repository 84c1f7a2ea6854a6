import { z } from 'zod';
import { duration, durationOrZero } from '../../core/scalars.ts';

interface Defaults {
  readonly for: string;
  readonly within: string;
  readonly clearFor: string;
  readonly samples: number;
}

/** The settings of `HowLong`, the same for everything that is looked at. */
export const howLongSettings = (defaults: Defaults) => ({
  for: duration.prefault(defaults.for).describe('It fires when it was seen bad for longer than this ...'),
  within: duration.prefault(defaults.within).describe('... of the last so much time that was seen. Longer than `for`.'),
  clearFor: durationOrZero
    .prefault(defaults.clearFor)
    .describe('It is resolved when it was seen well for so long without a break.'),
  samples: z.int().min(3).default(defaults.samples).describe('It fires only when so many looks found it bad.'),
});
