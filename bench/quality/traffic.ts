import type { Random } from './random.ts';

export const slotMs = 5_000;
export const perMinute = 60_000 / slotMs;
export const slotsPerDay = 24 * 60 * perMinute;

/** How many requests of each slot there were, and how many of them were bad. */
export interface Counts {
  readonly all: Float64Array;
  readonly bad: Float64Array;
  readonly badToClear: Float64Array;
}

/** What is to be expected in one slot: requests, and the share of them that is bad. */
export interface Expected {
  readonly requests: number;
  readonly bad: number;
  readonly badToClear?: number;
}

/** Requests arrive by chance, and come more or less densely from minute to minute. */
export function arrivals(slots: number, expectedAt: (slot: number) => Expected, random: Random): Counts {
  const all = new Float64Array(slots);
  const bad = new Float64Array(slots);
  const badToClear = new Float64Array(slots);
  let density = 1;
  let drift = 0.3 * random.normal();
  for (let slot = 0; slot < slots; slot += 1) {
    if (slot % perMinute === 0) {
      drift = 0.9 * drift + 0.13 * random.normal();
      density = Math.exp(drift - 0.045);
    }
    const expected = expectedAt(slot);
    const requests = expected.requests * density;
    const failed = random.poisson(requests * expected.bad);
    const between =
      expected.badToClear === undefined ? 0 : random.poisson(requests * (expected.badToClear - expected.bad));
    bad[slot] = failed;
    badToClear[slot] = failed + between;
    all[slot] = failed + between + random.poisson(requests * (1 - (expected.badToClear ?? expected.bad)));
  }
  return { all, bad, badToClear };
}
