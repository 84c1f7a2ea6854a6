import { expect, test } from 'vitest';
import { countBounds, quantileBounds, shareBounds } from '../../bench/quality/bounds.ts';
import { Random } from '../../bench/quality/random.ts';

test('the bounds of a count are those of the tables of Poisson', () => {
  expect(countBounds(0).high).toBeCloseTo(3.689, 3);
  expect(countBounds(1).low).toBeCloseTo(0.0253, 4);
  expect(countBounds(1).high).toBeCloseTo(5.572, 3);
  expect(countBounds(100).low).toBeCloseTo(81.36, 2);
  expect(countBounds(100).high).toBeCloseTo(121.63, 2);
});

test('the bounds of a share are those of Clopper and Pearson', () => {
  expect(shareBounds(0, 10).high).toBeCloseTo(0.3085, 4);
  expect(shareBounds(5, 10).low).toBeCloseTo(0.1871, 4);
  expect(shareBounds(5, 10).high).toBeCloseTo(0.8129, 4);
  expect(shareBounds(10, 10).low).toBeCloseTo(0.6915, 4);
});

test('the bounds of a median are values of the sample on both sides of it', () => {
  const sample = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(quantileBounds(sample, 0.5)).toEqual({ low: 40, high: 61 });
});

test('chance is the same on every machine', () => {
  const random = new Random(1, 'a');
  const drawn = [random.uniform(), random.poisson(3), random.poisson(60)].map((each) => Number(each.toFixed(6)));
  expect(drawn).toMatchInlineSnapshot(`
    [
      0.000767,
      5,
      62,
    ]
  `);
});

test.each([0.4, 5, 40])('arrivals with a mean of %d have that mean and variance', (mean) => {
  const random = new Random(1, 'poisson', mean);
  const drawn = Array.from({ length: 40_000 }, () => random.poisson(mean));
  const average = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
  const variance = drawn.reduce((sum, each) => sum + (each - average) ** 2, 0) / drawn.length;
  expect(average / mean).toBeCloseTo(1, 1);
  expect(variance / mean).toBeCloseTo(1, 1);
});
