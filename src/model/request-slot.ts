import { z } from 'zod';

/** How many answers took how long: [bucket, count] in the buckets of `core/latency-buckets.ts`, ascending. */
export const latencies = z.array(z.tuple([z.int(), z.int()]));
export type Latencies = z.infer<typeof latencies>;

const counts = { requests: z.int(), errors: z.int() };

/**
 * The requests that were answered within one slot of time, added up by route and, apart from that, by tenant.
 * A slot may be told in pieces: pieces with the same `at` are added together.
 */
export const requestSlot = z.strictObject({
  /** When the slot begins, epoch ms: a multiple of its length (`rules.requests.slot`). */
  at: z.int(),
  ...counts,
  /** Method and path with ids taken out: `GET /api/menu/:id`; at most 50, the rest as `other`. */
  routes: z.array(z.strictObject({ route: z.string(), ...counts, latencies })),
  /** Slugs as the application was given them; requests without one are left out; at most 200, the rest as `other`. */
  tenants: z.array(z.strictObject({ tenant: z.string(), ...counts })),
});
export type RequestSlot = z.infer<typeof requestSlot>;
