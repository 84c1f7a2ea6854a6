import { z } from 'zod';
import { duration, durationOrZero, ratio } from '../core/scalars.ts';

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

/** How requests are counted for the error rate and the latency. */
const requests = z.strictObject({
  /** Requests are added up in slots of this length. */
  slot: duration.prefault('1m'),
  /** So many slots in a row above the threshold are a breach; so many below `clear` end it. */
  slots: z.int().min(2).max(60).default(3),
  /** A slot with fewer real requests proves nothing. */
  samples: z.int().min(1).default(50),
  /** The same for rollbackd's own requests, which stand in for real ones where there are none. */
  syntheticSamples: z.int().min(1).default(10),
});

const errorRate = (above: string, clear: string) =>
  z.strictObject({ above: ratio.prefault(above), clear: ratio.prefault(clear) });

const latency = (defaults: { above: number; clear: number; floor: string }) =>
  z.strictObject({
    /** p95 of a route against its baseline. */
    above: z.number().gt(1).default(defaults.above),
    clear: z.number().gt(1).default(defaults.clear),
    /** Faster than this is fast enough, however slow it is against the baseline. */
    floor: duration.prefault(defaults.floor),
    /** Routes that are too slow must have at least this share of the requests; else it is one route's trouble. */
    share: ratio.prefault('25%'),
  });

const databaseConnection = z.strictObject({
  /** How long connections must have failed. */
  after: duration.prefault('2m'),
  clearAfter: durationOrZero.prefault('1m'),
  samples: z.int().min(3).default(5),
});

export const rulesSchema = z.strictObject({
  'cross-tenant-leak': leak.prefault({}),
  unavailable: unavailable.prefault({}),
  requests: requests.prefault({}),
  /** Runbook: more than 10 % of requests are severe, 5 to 10 % moderate. */
  'error-rate-severe': errorRate('10%', '8%').prefault({}),
  'error-rate-moderate': errorRate('5%', '4%').prefault({}),
  /** Runbook: more than 5 times the baseline is severe, 2 to 5 times moderate. */
  'latency-severe': latency({ above: 5, clear: 4, floor: '500ms' }).prefault({}),
  'latency-moderate': latency({ above: 2, clear: 1.6, floor: '250ms' }).prefault({}),
  'database-connection': databaseConnection.prefault({}),
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
