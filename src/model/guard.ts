import { z } from 'zod';

export const guardName = z.enum([
  'mode',
  'armed-until',
  'pause',
  'one-run',
  'cooldown',
  'acknowledged',
  'not-rolled-back-yet',
  'max-writes-lost',
  'backup-pinned',
  'code-pinned',
  'would-help',
  'legacy-databases',
  'plan',
  'lease',
  'drill',
  'readiness',
]);
export type GuardName = z.infer<typeof guardName>;

/** A condition under which rollbackd may act alone, with what it saw. `off` only where the configuration names it. */
export const guardResult = z.strictObject({
  guard: guardName,
  outcome: z.enum(['passed', 'failed', 'off']),
  reason: z.string(),
});
export type GuardResult = z.infer<typeof guardResult>;
