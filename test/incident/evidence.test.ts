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
    const others = [
      decisionTo('rollback', { tenants: ['negoes'] }),
      { ...page, tenants: ['negoes', 'kopi'] },
      { ...page, verdicts: verdictsIn('breach', 'breach') },
    ];
    expect(new Set([page, ...others].map(evidenceHash)).size).toBe(4);
  });
});
