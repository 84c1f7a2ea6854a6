import { z } from 'zod';
import { duration, durationOrZero } from '../core/scalars.ts';

const leak = z.strictObject({
  /** How many looks in a row at one route must show the leak: the second one is the confirmation. */
  samples: z.int().min(2).default(2),
  window: duration.prefault('10m'),
});

const unavailable = z.strictObject({
  /** Runbook: down for more than 15 minutes. */
  after: duration.prefault('15m'),
  /** How long it must have answered again before the outage is over. */
  clearAfter: durationOrZero.prefault('1m'),
  samples: z.int().min(3).default(5),
});

export const rulesSchema = z.strictObject({
  'cross-tenant-leak': leak.prefault({}),
  unavailable: unavailable.prefault({}),
});
export type RulesConfig = z.infer<typeof rulesSchema>;

const limit = z.union([z.int().nonnegative(), z.literal('unlimited')]);
export type WriteLimit = z.infer<typeof limit>;

/** Under which conditions rollbackd may act alone. */
export const guardSchema = z.strictObject({
  /** Writes since cut-over that an automatic rollback may lose. Absent: never automatic. */
  maxWritesLost: z.strictObject({ inserts: limit, updates: limit, deletes: limit }).optional(),
  /** Field with the creation time; where absent, the time inside an ObjectId `_id`. */
  createdField: z.string().optional(),
  /** Field with the time of the last update; without it, updates cannot be counted. */
  updatedField: z.string().optional(),
  /** Collections of the unified database whose writes nobody would miss. */
  ignoredCollections: z.array(z.string()).default([]),
  /** After this moment nothing is done alone. */
  until: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  cooldown: durationOrZero.prefault('24h'),
  /** These two need a drill and a standing readiness proof; they can only be switched off by name. */
  drill: z.literal('off'),
  readiness: z.literal('off'),
});
export type GuardConfig = z.infer<typeof guardSchema>;
