import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRatio, parseRatio } from '../../src/core/ratio.ts';

describe('a share', () => {
  test.each([
    ['10%', 0.1],
    ['0.1', 0.1],
    ['100%', 1],
    ['1', 1],
    ['0', 0],
    ['2.5%', 0.025],
  ])('reads %s', (text, value) => {
    expect(parseRatio(text)).toBeCloseTo(value, 12);
  });

  test.each(['', '101%', '1.01', '-1%', '10 %', '10', 'ten', '%', '1e-2', '0.1.2'])('refuses "%s"', (text) => {
    expect(parseRatio(text)).toBeUndefined();
  });

  test('is told as a percentage that reads back as the same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(Math.abs((parseRatio(formatRatio(value)) ?? Number.NaN) - value)).toBeLessThanOrEqual(0.000_051);
      }),
    );
  });
});
