import { z } from 'zod';
import { tier } from './tier.ts';

/** Which there are says `rules/criteria/list.ts`, alone. */
export const criterionName = z.string().regex(/^[a-z][a-z-]*$/);
export type CriterionName = z.infer<typeof criterionName>;

/** What one criterion says, always with the numbers behind it. */
export const verdict = z.strictObject({
  criterion: criterionName,
  tier,
  /** What is measured, where criteria of several tiers judge the same. */
  measure: z.string().optional(),
  verdict: z.enum(['clear', 'pending', 'breach', 'inconclusive', 'exempt']),
  /** The measure as a number in the criterion's own unit (milliseconds down, documents leaked, share of requests, times the baseline). */
  value: z.number(),
  threshold: z.number(),
  unit: z.enum(['ms', 'documents', 'share', 'times', 'tenants']),
  samples: z.number().int(),
  windowMs: z.number(),
  /** When the first observation of the present trouble was made. */
  since: z.number().int().optional(),
  tenants: z.array(z.string()),
  reason: z.string(),
  /** Why an `exempt` one is no reason for a rollback. */
  exemptBecause: z
    .enum(['own-doing', 'one-tenant', 'only-one-seen', 'one-route', 'balancer', 'cache', 'empty-list'])
    .optional(),
  /** It is no breach, and people are told of it all the same: until it is over, or a person closes it as known. */
  told: z.boolean().optional(),
  /**
   * What comes first where it is in breach: the application is stopped, before anything else is found out. Absent: people
   * are asked, or it is acted on.
   */
  first: z.literal('contain').optional(),
});
export type Verdict = z.infer<typeof verdict>;

/** In no breach, and told: trouble of one tenant, of one route or of the balancer, or trouble that has just begun. */
export const isNotable = ({ verdict, told = false }: Verdict): boolean => told && verdict !== 'breach';
