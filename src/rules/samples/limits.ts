import type { RulesConfig } from '../schema.ts';

/** How often each probe looks, and how much of what they saw is kept. */
export interface SampleLimits {
  readonly ageMs: number;
  /** Answers about isolation are many, and only the latest decide. */
  readonly isolationAgeMs: number;
  /** Requests are added up in slots of this length. */
  readonly slotMs: number;
  /** Entries per kind of observation. */
  readonly count: number;
  readonly healthEvery: number;
  readonly isolationEvery: number;
  readonly mongoEvery: number;
  readonly controlEvery: number;
  readonly requestsEvery: number;
  readonly syntheticEvery: number;
  readonly tenantsEvery: number;
  /** What of isolation is kept however old it is: a leak that is not refuted. */
  readonly refuting: Refuting;
}

/** What it takes to refute a leak. */
export interface Refuting {
  /** At least so many clean answers to the same question, ... */
  readonly samples: number;
  /** ... as chance would show less than once in so many times if it leaked on as before, ... */
  readonly clearOdds: number;
  /** ... each so long after the last leak, ms: a burst of questions only confirms. */
  readonly after: number;
}

type Intervals = Omit<SampleLimits, 'ageMs' | 'isolationAgeMs' | 'slotMs' | 'count' | 'refuting'>;

const hour = 3_600_000;

/** What was seen is remembered for so long at least. */
export const leastAgeMs = 6 * hour;

/** Long enough to tell how long an outage has lasted by the time that somebody does something about it. */
export function sampleLimits(rules: RulesConfig, intervals: Intervals): SampleLimits {
  const { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery, tenantsEvery } =
    intervals;
  const every = { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery, tenantsEvery };
  const ageMs = Math.max(leastAgeMs, 4 * rules.unavailable.within);
  const { window, samples, clearOdds } = rules['cross-tenant-leak'];
  const isolationAgeMs = 2 * window;
  const refuting = { samples, clearOdds, after: isolationEvery / 2 };
  return { ageMs, isolationAgeMs, slotMs: rules.requests.slot, count: 20_000, refuting, ...every };
}

/** Looks that are this far apart are neighbours; what lies between any two further apart was not seen. */
export const neighbourhood = (every: number): number => Math.max(3 * every, 2_000);
