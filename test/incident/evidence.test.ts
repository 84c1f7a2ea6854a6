import { describe, expect, it } from 'vitest';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { isMateriallyWorse } from '../../src/incident/materially-worse.ts';
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

describe('what is materially worse', () => {
  it('is a new breach, a higher tier, another tenant, or twice the value', () => {
    expect(isMateriallyWorse(page, { ...page, verdicts: verdictsIn('breach', 'breach') })).toMatch(
      /cross-tenant-leak is now in breach too/,
    );
    expect(isMateriallyWorse({ ...page, tier: 'severe' }, page)).toBe('the tier rose from severe to critical');
    expect(isMateriallyWorse(page, { ...page, tenants: ['negoes', 'kopi'] })).toBe('more tenants are affected: kopi');
    const lasting = (ms: number) => ({
      ...page,
      verdicts: page.verdicts.map((verdict) => ({ ...verdict, value: ms })),
    });
    const half = 30 * 60_000;
    expect(isMateriallyWorse(lasting(half / 2), lasting(half))).toBe(
      `unavailable has doubled, from ${half / 2} to ${half} ms`,
    );
    // Whatever goes on grows longer: a few minutes more are no other matter.
    expect(isMateriallyWorse(lasting(half / 4), lasting(half / 2))).toBeUndefined();
  });

  it('is not the same again, nor less, nor blindness', () => {
    expect(isMateriallyWorse(page, page)).toBeUndefined();
    expect(isMateriallyWorse(page, { ...page, tenants: [] })).toBeUndefined();
    expect(
      isMateriallyWorse(page, decisionTo('none', { verdicts: verdictsIn('inconclusive', 'inconclusive') })),
    ).toBeUndefined();
  });
});
