import { z } from 'zod';
import { probeName } from './observation.ts';
import { tier } from './tier.ts';

export const criterionName = z.enum([
  'cross-tenant-leak',
  'unavailable',
  'latency-severe',
  'error-rate-severe',
  'database-connection',
  'latency-moderate',
  'error-rate-moderate',
]);
export type CriterionName = z.infer<typeof criterionName>;

/** What one criterion says, always with the numbers behind it. */
export const verdict = z.strictObject({
  criterion: criterionName,
  tier,
  verdict: z.enum(['clear', 'pending', 'breach', 'inconclusive', 'exempt']),
  /** The measure as a number in the criterion's own unit (milliseconds down, documents leaked, share of requests, times the baseline). */
  value: z.number(),
  threshold: z.number(),
  unit: z.enum(['ms', 'documents', 'share', 'times']),
  samples: z.number().int(),
  windowMs: z.number(),
  /** When the first observation of the present trouble was made. */
  since: z.number().int().optional(),
  tenants: z.array(z.string()),
  reason: z.string(),
  /** Why an `exempt` one is no reason for a rollback: our own doing, or trouble that people must know of all the same. */
  exemptBecause: z.enum(['own-doing', 'one-tenant', 'only-one-seen', 'one-route', 'balancer']).optional(),
  /** The probe whose next look would settle a pending verdict. */
  confirmBy: probeName.optional(),
});
export type Verdict = z.infer<typeof verdict>;

/** No reason for a rollback, but told until it is over or a person closes it: trouble of one tenant, one route or the balancer. */
export const isNotable = ({ verdict, exemptBecause }: Verdict): boolean =>
  verdict === 'exempt' && exemptBecause !== undefined && exemptBecause !== 'own-doing';
