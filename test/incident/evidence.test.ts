import { describe, expect, it } from 'vitest';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { decisionTo } from './histories.ts';

const page = decisionTo('page', { tenants: ['negoes'] });

describe('the evidence', () => {
  it('has the same hash while the numbers, times and sentences of the same breach move on', () => {
    const verdicts = page.verdicts.map((verdict) => ({
      ...verdict,
      value: verdict.value + 7,
      reason: 'other words',
      samples: 99,
    }));
    expect(evidenceHash({ ...page, at: 5, verdicts, reasonsFor: ['other words'] })).toBe(evidenceHash(page));
  });

  it('has another hash for another course, other tenants, another breach', () => {
    const [leak, outage] = page.verdicts;
    if (!leak || !outage) throw new Error('no verdicts');
    const others = [
      decisionTo('contain', { tenants: ['negoes'], next: 'page' }),
      decisionTo('contain', { tenants: ['negoes'], next: 'rollback' }),
      { ...page, tier: 'severe' as const },
      { ...page, verdicts: [leak, { ...outage, threshold: outage.threshold + 1 }] },
      { ...page, verdicts: [leak, { ...outage, tenants: ['negoes'] }] },
      decisionTo('rollback', { tenants: ['negoes'] }),
      { ...page, tenants: ['negoes', 'kopi'] },
      { ...page, verdicts: verdictsIn('breach', 'breach') },
    ];
    expect(new Set([page, ...others].map(evidenceHash)).size).toBe(others.length + 1);
  });

  it('has the same hash in whatever order tenants and breaches are seen', () => {
    const both = verdictsIn('breach', 'breach').map((verdict) => ({ ...verdict, tenants: ['negoes', 'kopi'] }));
    const one = { ...page, tenants: ['negoes', 'kopi'], verdicts: both };
    const turned = both.toReversed().map((verdict) => ({ ...verdict, tenants: verdict.tenants.toReversed() }));
    expect(evidenceHash({ ...one, tenants: ['kopi', 'negoes'], verdicts: turned })).toBe(evidenceHash(one));
  });

  it('has the same hash whatever is seen that is not in breach', () => {
    const [leak, outage] = page.verdicts;
    if (!leak || !outage) throw new Error('no verdicts');
    expect(evidenceHash({ ...page, verdicts: [{ ...leak, verdict: 'inconclusive' }, outage] })).toBe(
      evidenceHash(page),
    );
  });
});
