import { z } from 'zod';

export const role = z.enum([
  'on-call-lead',
  'senior-engineer',
  'engineering-manager',
  'technical-lead',
  'product-owner',
  'database-administrator',
]);
export type Role = z.infer<typeof role>;

/** Who somebody is; how they prove it (uid, Slack id) stands in the configuration. */
export const person = z.strictObject({ name: z.string().min(1), roles: z.array(role) });
export type Person = z.infer<typeof person>;

/** Who may set the daemon or the target in motion by hand. */
export const leaders = [
  'on-call-lead',
  'senior-engineer',
  'engineering-manager',
  'technical-lead',
] as const satisfies readonly Role[];
