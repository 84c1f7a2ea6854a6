import { z } from 'zod';
import { probeName } from './observation.ts';
import { tier } from './tier.ts';

export const criterionName = z.enum(['cross-tenant-leak', 'unavailable']);
export type CriterionName = z.infer<typeof criterionName>;

/** What one criterion says, always with the numbers behind it. */
export const verdict = z.strictObject({
  criterion: criterionName,
  tier,
  verdict: z.enum(['clear', 'pending', 'breach', 'inconclusive', 'exempt']),
  /** The measure as a number in the criterion's own unit (milliseconds down, documents leaked). */
  value: z.number(),
  threshold: z.number(),
  unit: z.enum(['ms', 'documents']),
  samples: z.number().int(),
  windowMs: z.number(),
  /** When the first observation of the present trouble was made. */
  since: z.number().int().optional(),
  tenants: z.array(z.string()),
  reason: z.string(),
  /** The probe whose next look would settle a pending verdict. */
  confirmBy: probeName.optional(),
});
export type Verdict = z.infer<typeof verdict>;
