import { z } from 'zod';
import type { Plan } from './plan.ts';

/** What people must know of a plan before they say yes to it; the hash beside it names the whole. */
export const planOutline = z.strictObject({
  legacyCommit: z.string(),
  steps: z.number().int(),
  expectedMs: z.number(),
  /** Databases whose present state gives way to the backup, and what exactly happens to each. */
  replaces: z.array(z.strictObject({ database: z.string(), effect: z.string() })),
  /** What gives way in the unified database itself, and what stays there, in words. */
  inUnified: z.strictObject({ database: z.string(), effect: z.string() }).optional(),
  /** What is not kept before it is given up, where that is so. */
  forgoes: z.string().optional(),
  /** Databases that are absent and come back from the backup. */
  bringsIn: z.array(z.string()),
  /** The step after which going back loses data, and why. */
  pointOfNoReturn: z.strictObject({ step: z.string(), effect: z.string() }).optional(),
});
export type PlanOutline = z.infer<typeof planOutline>;

export function outlineOf({ legacyCommit, steps, pointOfNoReturn }: Plan): PlanOutline {
  const databases = (action: string) => steps.filter((step) => step.action === action);
  const [forgone] = databases('forgo-unified-snapshot');
  const [merged] = databases('merge-collections');
  const last = steps.find(({ id }) => id === pointOfNoReturn);
  return {
    legacyCommit,
    steps: steps.length,
    expectedMs: steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0),
    replaces: databases('restore-database').map(({ id, subject = id, effect }) => ({ database: subject, effect })),
    ...(merged && { inUnified: { database: merged.subject ?? merged.id, effect: merged.effect } }),
    bringsIn: databases('bring-in-database').map(({ id, subject = id }) => subject),
    ...(forgone && { forgoes: forgone.title }),
    ...(last && { pointOfNoReturn: { step: last.id, effect: last.effect } }),
  };
}
