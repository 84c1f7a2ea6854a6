import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, ascending, bucketOf, quantile, upperBound } from '../../src/core/latency-buckets.ts';

const time = fc.double({ min: 0, max: 1e7, noNaN: true });

const bucketed = (times: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const ms of times) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return ascending(counts);
};

describe('the buckets of latencies', () => {
  it('hold a time at most a tenth above it, and never below', () => {
    fc.assert(
      fc.property(time, (ms) => {
        const bound = upperBound(bucketOf(ms));
        expect(bound).toBeGreaterThanOrEqual(ms * (1 - 1e-8));
        expect(bound).toBeLessThanOrEqual(Math.max(1, ms * 1.1 * (1 + 1e-8)));
      }),
    );
  });

  it('are in the order of the times', () => {
    fc.assert(fc.property(time, time, (a, b) => a > b || bucketOf(a) <= bucketOf(b)));
  });

  it('put what is their own bound in themselves, not in the next one', () => {
    for (let bucket = 0; bucket < 200; bucket += 1) expect(bucketOf(upperBound(bucket))).toBe(bucket);
  });

  it('give a quantile at most a tenth above the one of the times themselves', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), share, (times, part) => {
        const sorted = times.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(times.length * part) - 1] ?? 0;
        const read = quantile(bucketed(times), part) ?? -1;
        expect(read).toBeGreaterThanOrEqual(exact * (1 - 1e-8));
        expect(read).toBeLessThanOrEqual(Math.max(1, exact * 1.1 * (1 + 1e-8)));
      }),
    );
  });

  it('are added up as if all times had been counted together', () => {
    const some = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        expect(added(bucketed(one), bucketed(other))).toEqual(bucketed([...one, ...other]));
      }),
    );
  });

  it('give no quantile where there is nothing', () => {
    expect(quantile([], 0.95)).toBeUndefined();
  });
});
