/**
 * Each bucket is a twentieth wider than the one before, and read as its middle: what is read is off by at most a fortieth,
 * as often above as below, so that it can be compared with a number that was never in a bucket.
 */
const growth = 1.05;

/** The bucket that a time falls in; 0 for everything up to one millisecond. */
export const bucketOf = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(Math.log(ms) / Math.log(growth) - 1e-9));

/** What a time in the bucket is read as, ms. */
export const middleOf = (bucket: number): number => growth ** (bucket - 0.5);

type Counted = readonly [bucket: number, count: number];

/** The time that the given share of all answers kept within, ms; `undefined` where there is none. The buckets ascend. */
export function quantile(latencies: readonly Counted[], share: number): number | undefined {
  let left = Math.ceil(latencies.reduce((sum, [, count]) => sum + count, 0) * share);
  for (const [bucket, count] of latencies) {
    left -= count;
    if (left <= 0) return middleOf(bucket);
  }
  return undefined;
}

export const ascending = (counts: ReadonlyMap<number, number>): [bucket: number, count: number][] =>
  [...counts].sort(([a], [b]) => a - b);

/** Two lists of ascending buckets as one. */
export function added(a: readonly Counted[], b: readonly Counted[]): [bucket: number, count: number][] {
  const sum: [number, number][] = [];
  let index = 0;
  for (const [bucket, count] of a) {
    for (let next = b[index]; next && next[0] < bucket; next = b[index]) {
      sum.push([next[0], next[1]]);
      index += 1;
    }
    const same = b[index]?.[0] === bucket ? (b[index]?.[1] ?? 0) : undefined;
    if (same !== undefined) index += 1;
    sum.push([bucket, count + (same ?? 0)]);
  }
  for (const [bucket, count] of b.slice(index)) sum.push([bucket, count]);
  return sum;
}
