import { z } from 'zod';

/** How many answers took how long: [bucket, count] in the buckets of `core/latency-buckets.ts`, ascending. */
const latencies = z.array(z.tuple([z.int(), z.int()]));

const counts = { requests: z.int(), errors: z.int() };

/** Most that one slot tells apart, however many somebody makes up; the rest are added up under one name. */
export const mostRoutes = 50;
export const mostTenants = 200;
export const theRest = '(other)';

/**
 * The requests that were answered within one slot of time, added up by route and, apart from that, by tenant.
 * A slot may be told in pieces: pieces of the same slot are added together.
 */
export const requestSlot = z.strictObject({
  /** When the slot begins, epoch ms: a multiple of its length (`rules.requests.slot`). */
  at: z.int(),
  ...counts,
  /** Method and path with ids taken out: `GET /api/menu/:id`. */
  routes: z.array(z.strictObject({ route: z.string(), ...counts, latencies })),
  /** Slugs as the application was given them; requests without one are left out. */
  tenants: z.array(z.strictObject({ tenant: z.string(), ...counts })),
});
export type RequestSlot = z.infer<typeof requestSlot>;
