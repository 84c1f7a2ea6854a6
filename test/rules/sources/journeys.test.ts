import { expect, it } from 'vitest';
import { failingJourneys } from '../../../src/rules/sources/journeys.ts';
import { journeyLook, samplesOf } from '../looks.ts';

/** What fails by these looks, one a second: `kopi!` failed for kopi, `kopi` passed. */
const failing = (looks: string, samples = 2) => {
  const seen = looks.split(' ').map((each, index) => {
    const [tenant = ''] = each.split('!');
    return each === tenant
      ? journeyLook(index * 1_000, 'passed', { tenant })
      : journeyLook(index * 1_000, 'failed', { tenant, step: `step ${index}` });
  });
  return failingJourneys(samplesOf(seen, seen.length * 1_000), { samples, tenants: 2 }, 0);
};

it('goes on failing with each further failure, since the first of those that count', () => {
  expect(failing('kopi! kopi!')).toMatchObject([{ tenants: ['kopi'], since: 0 }]);
  expect(failing('kopi! kopi! kopi!')).toMatchObject([{ tenants: ['kopi'], since: 1_000 }]);
  expect(failing('negoes! kopi! kopi! kopi! kopi!')).toMatchObject([{ tenants: ['kopi'], since: 3_000 }]);
});

it('names whom it fails for in order, and where it failed last', () => {
  expect(failing('negoes! kopi! negoes! warung! kopi!', 1)).toMatchObject([{ tenants: ['kopi', 'negoes', 'warung'] }]);
  expect(failing('kopi! kopi! kopi!', 3)).toMatchObject([{ said: 'the journey order fails at step 2 for kopi' }]);
});

it('fails for those who took turns, of the newest looks alone', () => {
  expect(failing('t1! t2! t3! t4!')).toMatchObject([{ tenants: ['t1', 't2', 't3', 't4'], since: 0 }]);
  expect(failing('t1 t2! t3! t4! t5!')).toMatchObject([{ tenants: ['t2', 't3', 't4', 't5'], since: 1_000 }]);
  expect(failing('kopi! kopi! kopi! negoes!')).toMatchObject([{ tenants: ['kopi', 'negoes'], since: 0 }]);
  expect(failing('t1! t2! t3! t4')).toEqual([]);
});
