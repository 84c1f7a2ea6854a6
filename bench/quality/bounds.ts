import { logFactorial } from './random.ts';

/** Between these the true value lies, with 95 % certainty. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

const doubt = 0.025;

/** Of a count: the exact bounds of a Poisson mean. */
export function countBounds(count: number): Bounds {
  const upTo = (most: number) => (mean: number) => sumOf(most, (each) => poissonChance(each, mean));
  return {
    low: count === 0 ? 0 : solved((mean) => 1 - upTo(count - 1)(mean) >= doubt, 0, count),
    high: solved((mean) => upTo(count)(mean) <= doubt, count, 10 + 3 * count),
  };
}

/** Of a share: Clopper and Pearson's. */
export function shareBounds(hits: number, all: number): Bounds {
  const upTo = (most: number) => (share: number) => sumOf(most, (each) => binomialChance(each, all, share));
  return {
    low: hits === 0 ? 0 : solved((share) => 1 - upTo(hits - 1)(share) >= doubt, 0, hits / all),
    high: hits === all ? 1 : solved((share) => upTo(hits)(share) <= doubt, hits / all, 1),
  };
}

/** Of a quantile: the values of a sorted sample between which it lies, whatever its distribution. */
export function quantileBounds(sorted: readonly number[], share: number): Bounds {
  const { length } = sorted;
  let below = 0;
  let first = 0;
  let last = length - 1;
  for (let hits = 0; hits < length; hits += 1) {
    below += binomialChance(hits, length, share);
    if (below <= doubt) first = hits;
    if (below < 1 - doubt) last = Math.min(length - 1, hits + 1);
  }
  return { low: sorted[first] ?? 0, high: sorted[last] ?? 0 };
}

const sumOf = (most: number, chanceOf: (each: number) => number): number => {
  let sum = 0;
  for (let each = 0; each <= most; each += 1) sum += chanceOf(each);
  return sum;
};

const poissonChance = (count: number, mean: number): number =>
  mean === 0 ? Number(count === 0) : Math.exp(count * Math.log(mean) - mean - logFactorial(count));

function binomialChance(hits: number, all: number, share: number): number {
  if (share <= 0) return Number(hits === 0);
  if (share >= 1) return Number(hits === all);
  const ways = logFactorial(all) - logFactorial(hits) - logFactorial(all - hits);
  return Math.exp(ways + hits * Math.log(share) + (all - hits) * Math.log(1 - share));
}

/** The least value from which on it is so. */
function solved(isSo: (value: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (isSo(middle)) high = middle;
    else low = middle;
  }
  return high;
}
