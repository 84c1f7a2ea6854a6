import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/core/duration.ts';

describe('a duration', () => {
  test.each([
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5s', 1_500],
    ['2d', 172_800_000],
    ['0s', 0],
    ['1.001s', 1_001],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '15', 'm', '15 m', '-5s', '5sec', '1h 30m', '5M', 'x5s', '5s,', '.5s', '1e3s'])(
    'refuses "%s"',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test('adds up its parts, whatever their order', () => {
    const unit = fc.constantFrom<[string, number]>(['ms', 1], ['s', 1e3], ['m', 6e4], ['h', 36e5], ['d', 864e5]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(999), unit), { minLength: 1 }), (parts) => {
        const text = parts.map(([count, [name]]) => `${count}${name}`).join('');
        expect(parseDuration(text)).toBe(parts.reduce((sum, [count, [, ms]]) => sum + count * ms, 0));
      }),
    );
  });

  test.each([
    [0, '0ms'],
    [949.6, '950ms'],
    [12_400, '12.4s'],
    [60_000, '1m'],
    [200_000, '3m20s'],
    [7_500_000, '2h5m'],
    [36_000_000, '10h'],
  ])('of %d ms is told as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('is told so that it reads back as nearly the same', () => {
    fc.assert(
      fc.property(fc.nat(30 * 86_400_000), (ms) => {
        const again = parseDuration(formatDuration(ms));
        expect(again).toBeDefined();
        expect(Math.abs((again ?? 0) - ms)).toBeLessThanOrEqual(ms < 3_600_000 ? Math.max(50, ms / 60) : 60_000);
      }),
    );
  });
});
