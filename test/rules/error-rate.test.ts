import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { theRest } from '../../src/model/request-slot.ts';
import { judgeErrorRate } from '../../src/rules/criteria/error-rate.ts';
import { emptyWindows } from '../../src/rules/windows/windows.ts';
import { limits, rules } from './looks.ts';
import { type Minute, minutes, slot, times, type Watched } from './request-slots.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';

function judge(watched: Watched, { name = 'error-rate-severe' as Name, late = 0, from = 0 } = {}) {
  const { windows, now } = minutes(watched);
  return judgeErrorRate(name, windows, rules, now + late, from);
}
const failing = (share: number): Minute => ({ requests: 100, errors: Math.round(share * 100) });
const real = (...shares: number[]): Watched => ({ real: shares.map(failing) });

describe('the share of requests that fail', () => {
  it('is a breach above the threshold in as many slots in a row as configured, and says so with the numbers', () => {
    expect(judge(real(0, 0.2, 0.2))).toMatchObject({ verdict: 'pending', since: slot });
    const breach = judge(real(0, 0.2, 0.2, 0.2));
    expect(breach).toMatchObject({ verdict: 'breach', tier: 'severe', value: 0.2, threshold: 0.1, samples: 300 });
    expect(breach).toMatchObject({ unit: 'share', since: slot, windowMs: 3 * slot });
    expect(breach.reason).toBe('60 of 300 requests failed (20%, threshold 10%) since 1970-01-01T00:01:00Z');
  });

  it('is no breach at the threshold itself', () => {
    expect(judge(real(...times(10, 0.1))).verdict).toBe('clear');
  });

  it('is moderate between the two thresholds, and both above the higher one', () => {
    const seven = real(0.07, 0.07, 0.07);
    expect(judge(seven).verdict).toBe('clear');
    expect(judge(seven, { name: 'error-rate-moderate' })).toMatchObject({ verdict: 'breach', tier: 'moderate' });
    expect(judge(real(0.2, 0.2, 0.2), { name: 'error-rate-moderate' }).verdict).toBe('breach');
  });

  it('is over only when it has been below `clear` for as many slots', () => {
    expect(judge(real(0.2, 0.2, 0.2, 0, 0)).verdict).toBe('breach');
    expect(judge(real(0.2, 0.2, 0.2, ...times(20, 0.09))).verdict).toBe('breach');
    expect(judge(real(0.2, 0.2, 0.2, 0, 0, 0)).verdict).toBe('clear');
  });

  it('names the tenants that are affected, where the log tells them', () => {
    const minute = { tenants: { kopi: [50, 20], negoes: [50, 10], warung: [50, 0] } } as const;
    expect(judge({ real: times(3, minute) })).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes'] });
  });

  it('is exempt where one tenant alone is affected, and says which', () => {
    const minute = { tenants: { kopi: [50, 50], negoes: [60, 1], warung: [60, 0] } } as const;
    const verdict = judge({ real: times(3, minute) });
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-tenant', tenants: ['kopi'] });
    expect(verdict.reason).toMatch(/only kopi is affected: one tenant is no reason for a rollback$/);
  });

  it('is a breach where two tenants are affected, where nobody knows whose requests fail, and where there is one tenant only', () => {
    const two = { tenants: { kopi: [50, 50], negoes: [60, 30], warung: [60, 0] } } as const;
    const unknown = { tenants: { [theRest]: [50, 50], negoes: [60, 0] } } as const;
    const nameless = { requests: 200, errors: 50 };
    const single = { tenants: { kopi: [60, 50] } } as const;
    for (const minute of [two, unknown, nameless, single]) {
      expect(judge({ real: times(3, minute) }).verdict).toBe('breach');
    }
    expect(judge({ real: times(3, unknown) }).tenants).toEqual([]);
  });

  it('is inconclusive before anything was measured, and when nothing has been for longer than a row of slots', () => {
    expect(judgeErrorRate('error-rate-severe', emptyWindows(limits), rules, 0).verdict).toBe('inconclusive');
    expect(judge(real(0.2, 0.2, 0.2), { late: 2 * slot }).verdict).toBe('breach');
    expect(judge(real(0.2, 0.2, 0.2), { late: 3 * slot + 1 }).verdict).toBe('inconclusive');
    expect(judge({ real: times(10, { requests: 49, errors: 49 }) }).verdict).toBe('inconclusive');
  });

  it('takes silence for no quiet while connections to the application are open', () => {
    const nothing = times(10, { requests: 0 });
    expect(judge({ real: nothing, openUpstream: 12 }).reason).toMatch(
      /while 12 connections to the application are open/,
    );
    expect(judge({ real: nothing, openUpstream: 0 }).reason).toMatch(/^too few requests so far/);
  });

  it('is told by rollbackd’s own requests where there are too few real ones', () => {
    const own = { tenants: { kopi: [4, 2], negoes: [4, 1], warung: [4, 0] } } as const;
    const verdict = judge({ real: times(3, { requests: 5 }), own: times(3, own) });
    expect(verdict).toMatchObject({ verdict: 'breach', samples: 36 });
    expect(verdict.reason).toMatch(/^9 of 36 of rollbackd's own requests failed/);
  });

  it('does not count what was before the given moment', () => {
    expect(judge(real(0.2, 0.2, 0.2, 0.2), { from: 2 * slot })).toMatchObject({ verdict: 'pending', since: 2 * slot });
    expect(judge(real(0.2, 0.2), { from: 2 * slot }).verdict).toBe('inconclusive');
  });

  it('never breaches on slots with too few requests, whatever failed in them', () => {
    const few = fc.array(fc.record({ requests: fc.nat(49), errors: fc.nat(49) }), { maxLength: 30 });
    fc.assert(fc.property(few, (each) => judge({ real: each }).verdict === 'inconclusive'));
  });

  it('never becomes worse by fewer errors', () => {
    const shares = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.nat(100)), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(shares, (each) => {
        const more = judge({ real: each.map(([errors]) => ({ requests: 100, errors })) });
        const less = judge({
          real: each.map(([errors, off]) => ({ requests: 100, errors: Math.max(0, errors - off) })),
        });
        if (less.verdict === 'breach') expect(more.verdict).toBe('breach');
      }),
    );
  });
});
