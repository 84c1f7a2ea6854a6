import { z } from 'zod';

export const phase = z.enum(['prepare', 'stop', 'restore', 'code', 'start', 'verify']);
export type Phase = z.infer<typeof phase>;

export const actionName = z.enum([
  'check-disk',
  'check-room',
  'check-backup',
  'check-legacy-environment',
  'stage-code',
  'stage-dependencies',
  'check-switch',
  'save-changes',
  'check-target',
  'try-unified-snapshot',
  'try-legacy-snapshot',
  'bring-in-database',
  'build-indexes',
  'stop-application',
  'show-maintenance',
  'prove-fence',
  'snapshot-unified',
  'forgo-unified-snapshot',
  'snapshot-legacy',
  'restore-database',
  'merge-collections',
  'verify-database',
  'switch-code',
  'switch-dependencies',
  'switch-environment',
  'start-application',
  'await-liveness',
  'check-startup-logs',
  'prove-database-in-use',
  'functional-tests',
  'enable-traffic',
  'smoke-test',
  'check-error-log',
  'check-response-time',
  'freeze-deploys',
  'remove-staging',
]);
export type ActionName = z.infer<typeof actionName>;

/** One step, described so that a person can judge it before it runs. */
export const plannedStep = z.strictObject({
  /** Unique in the plan, readable: `restore-database:superkafe_negoes`. */
  id: z.string(),
  action: actionName,
  phase,
  /** The database, route or tenant that the action is about, where there is one. */
  subject: z.string().optional(),
  title: z.string(),
  /** Command lines as they will run, secrets left out. */
  commands: z.array(z.string()),
  /** What will prove that it worked. */
  evidence: z.string(),
  /** What it changes, in words; "nothing" for a check. */
  effect: z.string(),
  expectedMs: z.number(),
});
export type PlannedStep = z.infer<typeof plannedStep>;

/** It comes after users were let in, and only looks or tidies up: the rollback itself is done by then. */
export function isCheckedAfterwards({ steps }: Pick<Plan, 'steps'>, id: string): boolean {
  const lettingIn = steps.findIndex(({ action }) => action === 'enable-traffic');
  return lettingIn >= 0 && steps.findIndex((step) => step.id === id) > lettingIn;
}

/** Nothing is left to do about it: proven, or looked at in vain once users were in. */
export const isOver = (plan: Pick<Plan, 'steps'>, id: string, status: string | undefined): boolean =>
  status === 'succeeded' || (status === 'failed' && isCheckedAfterwards(plan, id));

/**
 * With code and environment switched, or with collections of the unified database replaced, there is no way back to the unified
 * version but by hand.
 */
export const changesForGood = ({ phase: of, action }: Pick<PlannedStep, 'phase' | 'action'>): boolean =>
  of === 'code' || of === 'start' || of === 'verify' || action === 'merge-collections';

/** It replaces collections of the unified database itself, which nobody but a person decides. */
export const writesIntoUnified = ({ steps }: Pick<Plan, 'steps'>): boolean =>
  steps.some(({ action }) => action === 'merge-collections');

/** What a rollback (or a containment alone) will do. The hash is what people approve. */
export const plan = z.strictObject({
  kind: z.enum(['containment', 'rollback']),
  target: z.string(),
  legacyCommit: z.string(),
  manifestHash: z.string(),
  configHash: z.string(),
  steps: z.array(plannedStep),
  /** Step after which abort no longer restores service. */
  pointOfNoReturn: z.string().optional(),
  hash: z.string(),
});
export type Plan = z.infer<typeof plan>;
