import { z } from 'zod';
import { duration, durationOrZero, instant } from '../core/scalars.ts';
import type { Criterion } from './criteria/criterion.ts';
import { criteria } from './criteria/list.ts';
import { requestSettings } from './sources/request-settings.ts';

type Criteria = (typeof criteria)[number];
type Settings = { [C in Criteria as C['name']]: z.ZodPrefault<C['settings']> };

/** What each criterion says that it needs, under its name. */
const settings = Object.fromEntries(
  criteria.map((each: Criterion) => [each.name, each.settings.prefault({}).describe(each.about)]),
) as unknown as Settings;

export const rulesSchema = z.strictObject({
  requests: requestSettings
    .prefault({})
    .describe('How requests are counted for the error rate and the latency, and when a share of them is no chance.'),
  flapping: z
    .strictObject({
      within: duration
        .prefault('1h')
        .describe(
          'Trouble that comes back within so long after it was resolved is the same: people are asked about it once in that time, however often it comes back.',
        ),
    })
    .prefault({})
    .describe('Trouble that comes and goes.'),
  ...settings,
});
export type RulesConfig = z.infer<typeof rulesSchema>;

const limit = z.union([z.int().nonnegative(), z.literal('unlimited')]);
export type WriteLimit = z.infer<typeof limit>;

const writesLost = z.strictObject({
  inserts: limit.describe('Documents that came since the cut-over.'),
  updates: limit.describe('Older documents that were changed since then. A number needs `guard.updatedField`.'),
  deletes: limit.describe('Documents that were deleted. They leave nothing to count: with a number, never alone.'),
});

export const guardSchema = z.strictObject({
  maxWritesLost: writesLost
    .optional()
    .describe('How many writes since the cut-over rollbackd may lose without asking. Left out, it never acts alone.'),
  createdField: z
    .string()
    .optional()
    .describe(
      'Field with the time at which a document was created. Left out, and where a document lacks it, the time inside an ObjectId `_id` counts.',
    ),
  updatedField: z
    .string()
    .optional()
    .describe(
      'Field with the time of the last update. Left out, or where one document lacks it, updates cannot be counted.',
    ),
  ignoredCollections: z
    .array(z.string())
    .default([])
    .describe('Collections of the unified database whose writes nobody would miss.'),
  until: instant.describe('After this moment nothing is done alone. It must be later than `migration.cutoverAt`.'),
  cooldown: durationOrZero
    .prefault('24h')
    .describe('Least time between the end of a rollback, whoever began it, and one that rollbackd begins alone.'),
  drill: z
    .literal('off')
    .describe('Must be switched off by name: nothing proves yet that a rollback has ever worked here.'),
  readiness: z
    .literal('off')
    .describe('Must be switched off by name: nothing proves yet that a rollback would work right now.'),
});
export type GuardConfig = z.infer<typeof guardSchema>;
