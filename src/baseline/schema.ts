import { z } from 'zod';
import { absolutePath, duration } from '../core/scalars.ts';

/** How the documents of one legacy collection came into the unified database: what "lost" is measured against. */
const mapping = z.strictObject({
  from: z.strictObject({
    /** A legacy database by name, or `{tenant}` for each tenant's own. */
    database: z.string().min(1),
    collection: z.string().min(1),
  }),
  to: z.strictObject({
    collection: z.string().min(1),
    /** Which of its documents came from here; the tenant's own field is added. */
    filter: z.record(z.string(), z.unknown()).default({}),
  }),
  /** The field that is the same on both sides and unique within a tenant: migrations make new `_id`s. */
  keyField: z.string().min(1),
  /** Fields that the migration changes, casts or drops on purpose. */
  notCompared: z.array(z.string()).default([]),
  /** Documents in the unified collection that are in no source, such as those of a set-up script. */
  toleratedExtras: z.int().nonnegative().default(0),
});

/** How fast the legacy system was: never learnt from the unified one. The first source that knows a route counts. */
const latency = z.strictObject({
  /** p95 by route, such as `GET /api/menu: 40ms`. */
  given: z.record(z.string(), duration).default({}),
  /** What `rollbackd baseline` wrote while the legacy system still ran. */
  file: absolutePath.optional(),
  /** Read from lines of the access log (rotated ones too) that are older than the cut-over. */
  fromAccessLog: z.boolean().default(true),
});
export type LatencyBaselineConfig = z.infer<typeof latency>;

export const baselineSchema = z.strictObject({
  latency: latency.prefault({}),
  mappings: z.array(mapping).default([]),
  /** Collections of the legacy databases that were left behind on purpose. */
  ignoredCollections: z.array(z.string().min(1)).default([]),
});
export type BaselineConfig = z.infer<typeof baselineSchema>;
