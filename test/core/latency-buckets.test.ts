import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, ascending, bucketOf, quantile } from '../../src/core/latency-buckets.ts';

const time = fc.double({ min: 0, max: 1e7, noNaN: true });

const bucketed = (times: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const ms of times) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return ascending(counts);
};

describe('the buckets of latencies', () => {
  it('are in the order of the times', () => {
    fc.assert(fc.property(time, time, (a, b) => a > b || bucketOf(a) <= bucketOf(b)));
  });

  it('give a quantile at most a fortieth off the one of the times themselves, and not always to the same side', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), share, (times, part) => {
        const sorted = times.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(times.length * part) - 1] ?? 0;
        const read = quantile(bucketed(times), part) ?? -1;
        // Up to one millisecond is one bucket.
        if (exact <= 1) expect(read).toBeLessThanOrEqual(1);
        else expect(Math.abs(read / exact - 1)).toBeLessThanOrEqual(1 / 40);
      }),
    );
    const off = Array.from({ length: 1_000 }, (_, index) => 10 + index).map(
      (ms) => (quantile(bucketed([ms]), 0.95) ?? 0) / ms - 1,
    );
    expect(Math.abs(off.reduce((sum, one) => sum + one, 0) / off.length)).toBeLessThan(1 / 400);
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
