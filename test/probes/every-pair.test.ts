import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyPair } from '../../src/probes/every-pair.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const counts = fc.integer({ min: 1, max: 60 });

describe('every pair', () => {
  it('is there once', () => {
    fc.assert(
      fc.property(counts, counts, (some, others) => {
        const pairs = everyPair(upTo(some), upTo(others)).map(([a, b]) => `${a} ${b}`);
        expect(new Set(pairs).size).toBe(some * others);
        expect(pairs).toHaveLength(some * others);
      }),
    );
  });

  it('has in any stretch each of both as often as any other, give or take two', () => {
    fc.assert(
      fc.property(counts, counts, fc.nat(), fc.nat(), (some, others, from, length) => {
        const pairs = everyPair(upTo(some), upTo(others));
        const begin = from % pairs.length;
        const stretch = pairs.slice(begin, begin + (length % pairs.length));
        for (const [position, kinds] of [some, others].entries()) {
          const seen = upTo(kinds).map((kind) => stretch.filter((pair) => pair[position] === kind).length);
          expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('is none where there is none of one of both', () => {
    expect(everyPair([], upTo(3))).toEqual([]);
    expect(everyPair(upTo(3), [])).toEqual([]);
  });
});
