/** Each bucket is a tenth wider than the one before: whatever is read from them is at most a tenth too high. */
const growth = 1.1;

/** The bucket that a time falls in; 0 for everything up to one millisecond. */
export const bucketOf = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(Math.log(ms) / Math.log(growth) - 1e-9));

/** The longest time that falls in the bucket, ms. */
export const upperBound = (bucket: number): number => growth ** bucket;

type Counted = readonly [bucket: number, count: number];

/** The time that the given share of all answers kept within, ms; `undefined` where there is none. The buckets ascend. */
export function quantile(latencies: readonly Counted[], share: number): number | undefined {
  let left = Math.ceil(latencies.reduce((sum, [, count]) => sum + count, 0) * share);
  for (const [bucket, count] of latencies) {
    left -= count;
    if (left <= 0) return upperBound(bucket);
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
