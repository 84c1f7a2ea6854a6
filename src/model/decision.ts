import { z } from 'zod';
import { guardResult } from './guard.ts';
import { tier } from './tier.ts';
import { criterionName, verdict } from './verdict.ts';

/**
 * What all verdicts together with the guards call for.
 * `contain` says that the application is to be stopped first; `next` is what follows once it is.
 */
export const decision = z.strictObject({
  at: z.number().int(),
  action: z.enum(['none', 'hold', 'page', 'contain', 'rollback']),
  next: z.enum(['page', 'rollback']).optional(),
  tier: tier.optional(),
  criterion: criterionName.optional(),
  tenants: z.array(z.string()),
  verdicts: z.array(verdict),
  guards: z.array(guardResult),
  /** Every reason for acting and every reason against it, in the words that people read. */
  reasonsFor: z.array(z.string()),
  reasonsAgainst: z.array(z.string()),
});
export type Decision = z.infer<typeof decision>;
