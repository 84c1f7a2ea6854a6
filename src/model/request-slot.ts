import { z } from 'zod';

/** How many answers took how long: [bucket, count] in the buckets of `core/latency-buckets.ts`, ascending. */
const latencies = z.array(z.tuple([z.int(), z.int()]));

/** `requests`: those that say something about the application, well answered or failed. The others are counted apart. */
const counts = {
  requests: z.int(),
  errors: z.int(),
  /** Refused by the application (400 to 498): neither well nor failed. */
  refused: z.int().optional(),
};

/** Most that one slot tells apart, however many somebody makes up; the rest are added up under one name. */
export const mostRoutes = 50;
export const mostTenants = 200;
export const theRest = '(other)';
/** Enough to tell one tenant's trouble from that of several. */
export const mostFailedFor = 3;

/**
 * The requests that were answered within one slot of time, added up by route and, apart from that, by tenant.
 * A slot may be told in pieces: pieces of the same slot are added together.
 */
export const requestSlot = z.strictObject({
  /** When the slot begins, epoch ms: a multiple of its length (`rules.requests.slot`). */
  at: z.int(),
  ...counts,
  /** Given up by the client so soon that nobody can have waited: neither well nor failed. */
  cancelled: z.int().optional(),
  /** Method and path with ids taken out: `GET /api/menu/:id`. `failedFor`: some of the tenants whose requests failed. */
  routes: z.array(
    z.strictObject({
      route: z.string(),
      ...counts,
      latencies,
      failedFor: z.array(z.string()).max(mostFailedFor).optional(),
    }),
  ),
  /** Slugs as the application was given them; requests without one are left out. */
  tenants: z.array(z.strictObject({ tenant: z.string(), ...counts })),
});
export type RequestSlot = z.infer<typeof requestSlot>;
