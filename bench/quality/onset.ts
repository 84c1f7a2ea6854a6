import type { Random } from './random.ts';
import { arrivals, type Counts, perMinute, slotMs } from './traffic.ts';

/** Trouble that begins at some moment, and goes on. */
export interface Onset {
  readonly perMinute: number;
  /** The share of requests that fails before it. */
  readonly before: number;
  /** The share that fails `ms` after it began. */
  readonly since: (ms: number) => number;
}

export const warmUp = 130 * perMinute;
export const horizon = 4 * 60 * perMinute;

/** It begins anywhere within a slot; `begin` counts slots. */
export function onsetOf({ perMinute: mean, before, since }: Onset, random: Random): { counts: Counts; begin: number } {
  const begin = warmUp + random.uniform();
  const requests = mean / perMinute;
  const counts = arrivals(
    warmUp + horizon,
    (slot) => ({ requests, bad: slot + 1 <= begin ? before : meanOf(since, before, (slot - begin) * slotMs) }),
    random,
  );
  return { counts, begin };
}

/** Over one slot, in pieces of half a second. */
function meanOf(since: Onset['since'], before: number, from: number): number {
  const pieces = 10;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    const ms = from + ((piece + 0.5) * slotMs) / pieces;
    sum += ms < 0 ? before : since(ms);
  }
  return sum / pieces;
}
