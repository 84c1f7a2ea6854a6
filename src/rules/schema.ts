import { z } from 'zod';
import { duration, durationOrZero, instant, ratio } from '../core/scalars.ts';

const leak = z.strictObject({
  samples: z
    .int()
    .min(2)
    .default(2)
    .describe('How many looks in a row at the same question must show the leak: the second one is the confirmation.'),
  window: duration
    .prefault('10m')
    .describe(
      'How long a look counts: it must be time enough for `samples` looks. Twice as many within it confirm a leak that comes and goes.',
    ),
});

const unavailable = z.strictObject({
  after: duration.prefault('15m').describe('How long it must have been down (runbook: more than 15 minutes).'),
  clearAfter: durationOrZero.prefault('1m').describe('How long it must have answered again before the outage is over.'),
  samples: z.int().min(3).default(5).describe('How many looks must have found it down.'),
});

const requests = z.strictObject({
  slot: duration
    .prefault('1m')
    .describe('Requests are added up in slots of this length: at least `1s`, and at least `probes.requestsEvery`.'),
  slots: z
    .int()
    .min(2)
    .max(60)
    .default(3)
    .describe(
      'So many slots in a row above the threshold are a breach, and so many below `clear` end it; after so many that prove nothing it is one again only by another row. Together they may be `2h` long.',
    ),
  samples: z
    .int()
    .min(1)
    .default(50)
    .describe(
      'A slot with fewer real requests is taken together with up to nine before it, until there are so many. Fewer still prove trouble only where it would be that if all that are missing had been answered well.',
    ),
  syntheticSamples: z
    .int()
    .min(1)
    .default(10)
    .describe(
      "A slot with fewer requests of rollbackd's own, which stand in where there are too few real ones, proves nothing by them. A slot must have time for so many (`probes.syntheticEvery`).",
    ),
});

const errorRate = (above: string, clear: string) =>
  z.strictObject({
    above: ratio.prefault(above).describe('A slot in which a larger share fails is above the threshold.'),
    clear: ratio.prefault(clear).describe('A slot in which a smaller share fails is well again. Less than `above`.'),
  });

const latency = (defaults: { above: number; clear: number; floor: string }) =>
  z.strictObject({
    above: z
      .number()
      .gt(1)
      .default(defaults.above)
      .describe('How many times slower than its baseline the p95 of a route is where it is too slow.'),
    clear: z
      .number()
      .gt(1)
      .default(defaults.clear)
      .describe('Below how many times it is well again. Less than `above`.'),
    floor: duration
      .prefault(defaults.floor)
      .describe('A p95 up to this is fast enough, however slow it is against the baseline.'),
    share: ratio
      .prefault('25%')
      .describe(
        "The routes that are too slow must have at least this share of all requests; else it is one route's trouble.",
      ),
  });

const databaseConnection = z.strictObject({
  after: duration.prefault('2m').describe('How long connections must have failed.'),
  clearAfter: durationOrZero
    .prefault('1m')
    .describe(
      'How long they must have worked again before it is over, and the longest that the application gets to recover by itself after trouble of the databases: as long as that lasted.',
    ),
  samples: z.int().min(3).default(5).describe('How many looks must have found them failing.'),
});

export const rulesSchema = z.strictObject({
  'cross-tenant-leak': leak
    .prefault({})
    .describe('Critical: a trusted route hands a tenant documents that belong to others.'),
  unavailable: unavailable.prefault({}).describe('Critical: the application is down.'),
  requests: requests.prefault({}).describe('How requests are counted for the error rate and the latency.'),
  'error-rate-severe': errorRate('10%', '8%')
    .prefault({})
    .describe(
      'Severe: too many requests are answered with 500 or above, or not at all (runbook: more than 10 % of them).',
    ),
  'error-rate-moderate': errorRate('5%', '4%')
    .prefault({})
    .describe(
      'Moderate: fewer requests fail, but still too many (runbook: 5 to 10 % of them). `above` is less than in `error-rate-severe`.',
    ),
  'latency-severe': latency({ above: 5, clear: 4, floor: '500ms' })
    .prefault({})
    .describe('Severe: answers take much longer than those of the legacy system (runbook: more than 5 times).'),
  'latency-moderate': latency({ above: 2, clear: 1.6, floor: '250ms' })
    .prefault({})
    .describe(
      'Moderate: answers take longer than those of the legacy system (runbook: 2 to 5 times). `above` is less than in `latency-severe`.',
    ),
  'database-connection': databaseConnection
    .prefault({})
    .describe(
      "Severe: connections to the databases of the version that is expected to run fail, by the application's own word, or by rollbackd's where the application says nothing.",
    ),
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
