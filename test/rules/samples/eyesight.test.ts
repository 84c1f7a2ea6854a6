import { expect, it } from 'vitest';
import { eyesight, indexFrom } from '../../../src/rules/samples/eyesight.ts';

const range = 15_000;
const look = { at: 100_000, tookMs: 2_000 };
const end = 102_000;

const seeing = (looks: readonly (readonly [at: number, well: boolean])[], now = 200_000) =>
  eyesight(
    look,
    looks.map(([at, well]) => ({ at, well, tookMs: 0 })),
    range,
    now,
  );

it.each([
  [
    'well just before and just after',
    [
      [100_000, true],
      [end, true],
    ],
    'well',
  ],
  [
    'as far before and after as neighbours may be',
    [
      [100_000 - range, true],
      [end + range, true],
    ],
    'well',
  ],
  [
    'too long before',
    [
      [100_000 - range - 1, true],
      [end, true],
    ],
    'blind',
  ],
  [
    'too long after',
    [
      [100_000, true],
      [end + range + 1, true],
    ],
    'blind',
  ],
  ['never before', [[end, true]], 'blind'],
  ['not at all', [], 'blind'],
  [
    'blind just before',
    [
      [99_000, false],
      [end, true],
    ],
    'blind',
  ],
  [
    'blind just after',
    [
      [100_000, true],
      [end, false],
    ],
    'blind',
  ],
  [
    'blind meanwhile',
    [
      [100_000, true],
      [101_000, false],
      [end, true],
    ],
    'blind',
  ],
  [
    'blind long before and long after',
    [
      [80_000, false],
      [99_000, true],
      [end, true],
      [end + 1, false],
    ],
    'well',
  ],
] as const)('is that of the looks at itself around it: %s', (_when, looks, seen) => {
  expect(seeing(looks)).toBe(seen);
});

it('is not settled until rollbackd has looked at itself again, and blind once it should have', () => {
  expect(seeing([[100_000, true]], end + range)).toBe('unsettled');
  expect(seeing([[100_000, true]], end + range + 1)).toBe('blind');
  expect(seeing([[100_000, false]], end)).toBe('blind');
});

it('finds the first look at or after a moment', () => {
  const looks = [{ at: 10 }, { at: 20 }, { at: 20 }, { at: 30 }];
  expect([5, 10, 11, 20, 21, 30, 31].map((at) => indexFrom(looks, at))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  expect(indexFrom([], 5)).toBe(0);
});
