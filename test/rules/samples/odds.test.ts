import fc from 'fast-check';
import { expect, it } from 'vitest';
import { provesAbove, provesBelow } from '../../../src/rules/samples/odds.ts';

it('proves a share above another by as many bad ones as chance would show only once in those odds', () => {
  expect(provesAbove(4, 4, 0.5, 16)).toBe(true);
  expect(provesAbove(3, 3, 0.5, 16)).toBe(false);
  expect(provesAbove(4, 4, 0.5, 16.1)).toBe(false);
  expect(provesAbove(1, 1, 0.1, 9)).toBe(true);
});

it('weighs the good ones against the bad ones', () => {
  expect(provesAbove(3, 4, 0.5, 1.68)).toBe(true);
  expect(provesAbove(3, 4, 0.5, 1.69)).toBe(false);
  expect(provesBelow(1, 4, 0.5, 1.68)).toBe(true);
  expect(provesBelow(1, 4, 0.5, 1.69)).toBe(false);
});

it('proves a share below another by as many good ones', () => {
  expect(provesBelow(0, 4, 0.5, 16)).toBe(true);
  expect(provesBelow(0, 3, 0.5, 16)).toBe(false);
  expect(provesBelow(0, 1, 0.9, 9)).toBe(true);
});

it('proves nothing by no requests, by the very share, nor on the other side of it', () => {
  for (const proves of [provesAbove, provesBelow]) {
    expect(proves(0, 0, 0.5, 2)).toBe(false);
    expect(proves(50, 100, 0.5, 2)).toBe(false);
    expect(proves(50, 100, 0.5, 1)).toBe(false);
  }
  expect(provesAbove(1, 100, 0.5, 2)).toBe(false);
  expect(provesBelow(99, 100, 0.5, 2)).toBe(false);
});

it('is never less sure for one more bad one, nor by chance for both sides at once', () => {
  const counts = fc.integer({ min: 1, max: 500 }).chain((all) => fc.tuple(fc.nat(all - 1), fc.constant(all)));
  fc.assert(
    fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ([bad, all], share) => {
      if (provesAbove(bad, all, share, 20)) expect(provesAbove(bad + 1, all, share, 20)).toBe(true);
      if (provesBelow(bad + 1, all, share, 20)) expect(provesBelow(bad, all, share, 20)).toBe(true);
      expect(provesAbove(bad, all, share, 2) && provesBelow(bad, all, share, 2)).toBe(false);
    }),
  );
});
