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
}

type Intervals = Omit<SampleLimits, 'ageMs' | 'isolationAgeMs' | 'slotMs' | 'count'>;

const hour = 3_600_000;

/** Long enough to tell how long an outage has lasted by the time that somebody does something about it. */
export function sampleLimits(rules: RulesConfig, intervals: Intervals): SampleLimits {
  const { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery } = intervals;
  const every = { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery };
  const ageMs = Math.max(6 * hour, 4 * rules.unavailable.within);
  const isolationAgeMs = 2 * rules['cross-tenant-leak'].window;
  return { ageMs, isolationAgeMs, slotMs: rules.requests.slot, count: 20_000, ...every };
}

/** Looks that are this far apart are neighbours; what lies between any two further apart was not seen. */
export const neighbourhood = (every: number): number => Math.max(3 * every, 2_000);
