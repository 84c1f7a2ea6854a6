import { z } from 'zod';

/** One customer as known from all sources together. */
export const tenant = z.strictObject({
  slug: z.string().min(1),
  /** Key of the tenant in the unified database, as text; absent while unknown. */
  tenantId: z.string().optional(),
  legacyDatabase: z.string().optional(),
});
export type Tenant = z.infer<typeof tenant>;
