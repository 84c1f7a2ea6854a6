import { z } from 'zod';
import { absolutePath, duration, text } from '../core/scalars.ts';

const mapping = z.strictObject({
  from: z
    .strictObject({
      database: text.describe("A legacy database by name, or `{tenant}` for each tenant's own."),
      collection: text.describe('Collection of that database.'),
    })
    .describe('Where the documents come from.'),
  to: z
    .strictObject({
      collection: text.describe('Collection of the unified database.'),
      filter: z
        .record(z.string(), z.unknown())
        .default({})
        .describe("Which of its documents came from there, as a MongoDB filter; the tenant's own field is added."),
    })
    .describe('Where the documents went.'),
  keyField: text.describe(
    'Field that is the same on both sides and unique within a tenant: migrations make new `_id`s.',
  ),
  notCompared: z
    .array(z.string())
    .default([])
    .describe('Fields that the migration changes, casts or drops on purpose.'),
  toleratedExtras: z
    .int()
    .nonnegative()
    .default(0)
    .describe('How many documents of the unified collection may be in no source, such as those of a set-up script.'),
});

const latency = z.strictObject({
  given: z.record(z.string(), duration).prefault({}).describe('p95 by route, such as `GET /api/menu: 40ms`.'),
  file: absolutePath
    .optional()
    .describe('File that `rollbackd baseline` wrote while the legacy system still ran. Left out, there is none.'),
  fromAccessLog: z
    .boolean()
    .default(true)
    .describe(
      'Whether lines of `traffic.accessLog` that are older than the cut-over are read, in rotated files that are not compressed too.',
    ),
});
export type LatencyBaselineConfig = z.infer<typeof latency>;

export const baselineSchema = z.strictObject({
  latency: latency
    .prefault({})
    .describe(
      'How fast the legacy system was, never learnt from the unified one. The first that knows a route counts: `given`, `file`, the access log.',
    ),
  mappings: z
    .array(mapping)
    .default([])
    .describe(
      'How the documents of each legacy collection came into the unified database: what "lost" is measured against. It is checked, but has no effect yet.',
    ),
  ignoredCollections: z
    .array(text)
    .default([])
    .describe(
      'Collections of the legacy databases that were left behind on purpose. It is checked, but has no effect yet.',
    ),
});
export type BaselineConfig = z.infer<typeof baselineSchema>;
