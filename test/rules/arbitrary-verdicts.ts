import fc from 'fast-check';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';

const state = fc.constantFrom<Verdict['verdict']>('clear', 'pending', 'breach', 'inconclusive');

const verdictOf = (criterion: CriterionName) =>
  fc.record({ state, value: fc.nat(5), tenants: fc.subarray(['negoes', 'warung', 'kopi']) }).map(
    ({ state: verdict, value, tenants }): Verdict => ({
      criterion,
      tier: 'critical',
      verdict,
      value,
      threshold: 1,
      unit: criterion === 'unavailable' ? 'ms' : 'documents',
      samples: 2,
      windowMs: 1,
      tenants: criterion === 'unavailable' || verdict !== 'breach' ? [] : tenants,
      reason: `because ${criterion} is ${verdict}`,
    }),
  );

export const anyVerdicts: fc.Arbitrary<Verdict[]> = fc
  .tuple(verdictOf('cross-tenant-leak'), verdictOf('unavailable'))
  .map((pair) => [...pair]);

export const verdictsIn = (leak: Verdict['verdict'], outage: Verdict['verdict']): Verdict[] => {
  const common = { tier: 'critical', value: 1, threshold: 1, samples: 2, windowMs: 1, tenants: [] } as const;
  return [
    {
      ...common,
      criterion: 'cross-tenant-leak',
      unit: 'documents',
      verdict: leak,
      tenants: ['negoes'],
      reason: 'the leak',
    },
    { ...common, criterion: 'unavailable', unit: 'ms', verdict: outage, tenants: [], reason: 'the outage' },
  ];
};
