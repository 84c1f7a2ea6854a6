import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  absolutePath,
  duration,
  durationOrZero,
  httpUrl,
  innerPath,
  instant,
  ratio,
  regex,
  secret,
  size,
} from '../../src/core/scalars.ts';

const complaint = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

describe('a value as people write it', () => {
  test('becomes what the code works with', () => {
    expect(duration.parse('1h30m')).toBe(5_400_000);
    expect(durationOrZero.parse('0s')).toBe(0);
    expect(ratio.parse('10%')).toBeCloseTo(0.1);
    expect(size.parse('512MiB')).toBe(536_870_912);
    expect(instant.parse('2026-11-20T23:00:00+01:00')).toBe(Date.UTC(2026, 10, 20, 22));
    expect(regex.parse('(?i:error)').test('ERROR')).toBe(true);
    expect(secret.parse('x').reveal()).toBe('x');
  });

  test.each([
    [duration, 5, '5 is not a duration: write a number with ms, s, m, h or d, such as 15m or 1h30m'],
    [duration, '5 min', '"5 min" is not a duration: write a number with ms, s, m, h or d, such as 15m or 1h30m'],
    [duration, '25d', 'must be at most 24d'],
    [durationOrZero, '25d', 'must be at most 24d'],
    [duration, '0s', 'must be longer than 0'],
    [ratio, '110%', '"110%" is not a share: write a percentage such as 10%, or a number from 0 to 1 in quotes'],
    [ratio, 0.1, '0.1 is not a share: write a percentage such as 10%, or a number from 0 to 1 in quotes'],
    [size, '1GB', '"1GB" is not a size: write a whole number with KiB, MiB or GiB, such as 512MiB'],
    [absolutePath, 'a/b', 'must be an absolute path'],
  ])('that is wrong is refused with what to write instead', (schema, value, message) => {
    expect(complaint(schema, value)).toBe(message);
  });

  test.each([
    [instant, '2026-11-20T22:00:00'],
    [instant, '2026-11-20'],
    [regex, '('],
    [secret, ''],
    [httpUrl, 'ftp://host'],
    [httpUrl, 'localhost:5001'],
  ])('that could mean two things is refused', (schema, value) => {
    expect(complaint(schema, value)).toBeDefined();
  });

  test.each([
    ['.', true],
    ['backend', true],
    ['a/../b', true],
    ['..a', true],
    ['..', false],
    ['a/../../b', false],
    ['/a', false],
    ['', false],
  ])('an inner path "%s": %s', (path, inner) => {
    expect(innerPath.safeParse(path).success).toBe(inner);
  });

  test('never throws, whatever is written', () => {
    const schemas = [duration, ratio, size, absolutePath, innerPath, instant, regex, secret, httpUrl];
    fc.assert(
      fc.property(fc.constantFrom(...schemas), fc.anything(), (schema, value) => {
        expect(typeof schema.safeParse(value).success).toBe('boolean');
      }),
    );
  });
});
