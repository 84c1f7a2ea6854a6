import type { RulesConfig } from '../schema.ts';

/** How often each probe looks, and how much of what they saw is kept. */
export interface WindowLimits {
  readonly ageMs: number;
  /** Answers about isolation are many, and only the latest decide. */
  readonly isolationAgeMs: number;
  /** Requests are added up in slots of this length. */
  readonly slotMs: number;
  /** Slots are large: how far back they are kept, and looked at in each round. */
  readonly slotsAgeMs: number;
  /** Entries per kind of observation. */
  readonly count: number;
  readonly healthEvery: number;
  readonly isolationEvery: number;
  readonly mongoEvery: number;
  readonly controlEvery: number;
  readonly requestsEvery: number;
  readonly syntheticEvery: number;
}

type Intervals = Omit<WindowLimits, 'ageMs' | 'isolationAgeMs' | 'slotMs' | 'slotsAgeMs' | 'count'>;

const hour = 3_600_000;
/** Six hours of slots of one minute. */
const mostSlots = 360;

/** Long enough to tell how long an outage has lasted by the time that somebody does something about it. */
export function windowLimits(rules: RulesConfig, intervals: Intervals): WindowLimits {
  const { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery } = intervals;
  const every = { healthEvery, isolationEvery, mongoEvery, controlEvery, requestsEvery, syntheticEvery };
  const ageMs = Math.max(6 * hour, 4 * rules.unavailable.after);
  const isolationAgeMs = 2 * rules['cross-tenant-leak'].window;
  const slotMs = rules.requests.slot;
  const slotsAgeMs = Math.min(ageMs, mostSlots * slotMs);
  return { ageMs, isolationAgeMs, slotMs, slotsAgeMs, count: 20_000, ...every };
}

/** Looks that are this far apart are neighbours; what lies between any two further apart was not seen. */
export const neighbourhood = (every: number): number => Math.max(3 * every, 2_000);
