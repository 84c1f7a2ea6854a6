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

/** By what somebody is known to be who they are; a name can pass to another. */
export const identity = z.strictObject({ uid: z.number().int().optional(), slack: z.string().optional() });
export type Identity = z.infer<typeof identity>;

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
