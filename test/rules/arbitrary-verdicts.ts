import fc from 'fast-check';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';

const state = fc.constantFrom<Verdict['verdict']>('clear', 'pending', 'breach', 'inconclusive');

const verdictOf = (criterion: CriterionName) =>
  fc.record({ state, value: fc.nat(5), tenants: fc.subarray(['negoes', 'warung', 'kopi']) }).map(
    ({ state: verdict, value, tenants }): Verdict => ({
      criterion,
      tier: 'critical',
      ...(criterion === 'cross-tenant-leak' && { first: 'contain' as const }),
      verdict,
      value,
      threshold: 1,
      unit: criterion === 'unavailable' ? 'ms' : 'documents',
      samples: 2,
      windowMs: 1,
      tenants: criterion === 'unavailable' || verdict !== 'breach' ? [] : tenants,
      reason: `because ${criterion} is ${verdict}`,
      ...(criterion === 'cross-tenant-leak' && { first: 'contain' as const }),
    }),
  );

/** Criteria that nobody acts on alone; `exempt` is one tenant's trouble. */
const lesserOf = (criterion: CriterionName, tier: Verdict['tier']) =>
  fc.tuple(verdictOf(criterion), fc.boolean()).map(([verdict, isExempt]): Verdict => {
    const lesser: Verdict = { ...verdict, tier, unit: 'share' };
    if (!isExempt) return lesser;
    return { ...lesser, verdict: 'exempt', exemptBecause: 'one-tenant', told: true, tenants: ['kopi'] };
  });

export const anyVerdicts: fc.Arbitrary<Verdict[]> = fc
  .tuple(
    verdictOf('cross-tenant-leak'),
    verdictOf('unavailable'),
    lesserOf('error-rate-severe', 'severe'),
    lesserOf('error-rate-moderate', 'moderate'),
  )
  .map((all) => [...all]);

export const verdictsIn = (leak: Verdict['verdict'], outage: Verdict['verdict']): Verdict[] => {
  const common = { tier: 'critical', value: 1, threshold: 1, samples: 2, windowMs: 1, tenants: [] } as const;
  return [
    {
      ...common,
      criterion: 'cross-tenant-leak',
      first: 'contain',
      unit: 'documents',
      verdict: leak,
      tenants: ['negoes'],
      reason: 'the leak',
    },
    { ...common, criterion: 'unavailable', unit: 'ms', verdict: outage, tenants: [], reason: 'the outage' },
  ];
};
