import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { theRest } from '../../src/model/request-slot.ts';
import { judgeErrorRate } from '../../src/rules/criteria/error-rate.ts';
import { emptyWindows } from '../../src/rules/windows/windows.ts';
import { limits, rules } from './looks.ts';
import { type Minute, minutes, slot, times, type Watched } from './request-slots.ts';

type Name = 'error-rate-severe' | 'error-rate-moderate';

const tenants = new Set(['kopi', 'negoes', 'warung']);

function judge(watched: Watched, { name = 'error-rate-severe' as Name, late = 0, from = 0 } = {}) {
  const { windows, now } = minutes(watched);
  return judgeErrorRate(name, windows, rules, now + late, { tenants, from });
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
    expect(judge(real(0.2, 0.2, 0.2, 0)).verdict).toBe('breach');
    expect(judge(real(0.2, 0.2, 0.2, ...times(20, 0.09))).verdict).toBe('breach');
    const recovering = judge(real(0.2, 0.2, 0.2, 0, 0));
    expect(recovering.verdict).toBe('pending');
    expect(recovering.reason).toMatch(/over only when 3 slots in a row have recovered$/);
    expect(judge(real(0.2, 0.2, 0.2, 0, 0, 0)).verdict).toBe('clear');
  });

  it('names the tenants that are affected, where the log tells them', () => {
    const minute = { tenants: { kopi: [50, 20], negoes: [50, 10], warung: [50, 0] } } as const;
    expect(judge({ real: times(3, minute) })).toMatchObject({ verdict: 'breach', tenants: ['kopi', 'negoes'] });
  });

  it('names only tenants that are known, and whose own requests are enough to prove it', () => {
    const minute = {
      tenants: { kopi: [50, 20], negoes: [5, 5], warung: [200, 10], invented: [60, 60], [theRest]: [60, 60] },
    } as const;
    expect(judge({ real: times(3, minute) })).toMatchObject({ verdict: 'breach', tenants: ['kopi'] });
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

  it('is a breach where too little of the others is seen to say that one alone is affected', () => {
    const hardly = { tenants: { kopi: [100, 90], negoes: [10, 0] } } as const;
    const tenantless = { requests: 150, errors: 50, tenants: { kopi: [60, 50] } } as const;
    const invented = { tenants: { kopi: [60, 50], nobody: [90, 0], [theRest]: [90, 0] } } as const;
    for (const minute of [hardly, tenantless, invented]) {
      expect(judge({ real: times(3, minute) }).verdict).toBe('breach');
    }
  });

  it('is exempt at night, where one tenant alone is awake, if rollbackd’s own requests fail for that one only', () => {
    const real = times(3, { tenants: { kopi: [60, 50] } } as const);
    const own = (kopi: number, negoes: number) =>
      times(3, { tenants: { kopi: [4, kopi], negoes: [4, negoes], warung: [4, 0] } } as const);
    expect(judge({ real, own: own(4, 0) })).toMatchObject({ verdict: 'exempt', tenants: ['kopi'] });
    expect(judge({ real, own: own(0, 0) }).verdict).toBe('breach');
    expect(judge({ real, own: own(4, 2) }).verdict).toBe('breach');
  });

  it('is a breach where the few requests of all others fail too', () => {
    const real = times(3, { tenants: { kopi: [60, 60], negoes: [2, 2], warung: [2, 2] } } as const);
    const own = times(3, { tenants: { kopi: [4, 4], negoes: [4, 0], warung: [4, 0] } } as const);
    expect(judge({ real, own }).verdict).toBe('breach');
  });

  it('is exempt where a few requests of one tenant alone fail and nobody else asks, or only well; a breach by those of two', () => {
    const own = times(10, { tenants: { kopi: [4, 0], negoes: [4, 0], warung: [4, 0] } } as const);
    const few = (others: Minute['tenants']) =>
      judge({ real: times(10, { tenants: { kopi: [1, 1], ...others } }), own });
    expect(few({})).toMatchObject({ verdict: 'exempt', exemptBecause: 'only-one-seen', tenants: ['kopi'] });
    expect(few({}).reason).toMatch(/only kopi is seen to be affected, and nobody else to be well: so few requests/);
    expect(few({ negoes: [1, 0] })).toMatchObject({ verdict: 'exempt', tenants: ['kopi'] });
    expect(few({ negoes: [1, 1] })).toMatchObject({ verdict: 'breach', tenants: [] });
    const tenantless = times(10, { requests: 1, errors: 1 });
    expect(judge({ real: tenantless, own }).verdict).toBe('breach');
    const alone = minutes({ real: times(10, { tenants: { kopi: [1, 1] } } as const) });
    const single = { tenants: new Set(['kopi']) };
    expect(judgeErrorRate('error-rate-severe', alone.windows, rules, alone.now, single).verdict).toBe('breach');
  });

  it('stays a breach, once two tenants have failed in it, whoever asks in the last minutes', () => {
    const all = (tenant: 'kopi' | 'negoes'): Minute => ({ tenants: { [tenant]: [9, 9] } });
    const night = ['kopi', 'negoes', 'kopi', 'negoes', 'kopi', 'kopi', 'kopi', 'kopi'] as const;
    const own = times(night.length, { tenants: { kopi: [4, 0], negoes: [4, 0], warung: [4, 0] } } as const);
    for (let minute = 6; minute <= night.length; minute += 1) {
      const real = night.slice(0, minute).map(all);
      expect(judge({ real, own: own.slice(0, minute) }).verdict).toBe('breach');
    }
  });

  it('is one tenant’s although one of the others’ few requests has failed, too', () => {
    const real = times(3, { tenants: { kopi: [60, 60], negoes: [3, 0], warung: [3, 0] } } as const);
    const stray = [...real.slice(1), { tenants: { kopi: [60, 60], negoes: [3, 1], warung: [3, 0] } } as const];
    const own = times(3, { tenants: { kopi: [5, 5], negoes: [5, 0], warung: [5, 0] } } as const);
    expect(judge({ real: stray, own })).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-tenant' });
  });

  it('is inconclusive before anything was measured, and when nothing has been for longer than a row of slots', () => {
    expect(judgeErrorRate('error-rate-severe', emptyWindows(limits), rules, 0, { tenants }).verdict).toBe(
      'inconclusive',
    );
    expect(judge(real(0.2, 0.2, 0.2), { late: 2 * slot }).verdict).toBe('breach');
    expect(judge(real(0.2, 0.2, 0.2), { late: 3 * slot + 1 }).verdict).toBe('inconclusive');
    expect(judge(real(0.2, 0.2, 0.2), { late: 3 * slot + 1 }).value).toBe(0);
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

  it('is a breach where few real requests fail for long, whatever rollbackd’s own say', () => {
    const verdict = judge({ real: times(3, { requests: 45, errors: 45 }), own: times(3, { requests: 12 }) });
    expect(verdict).toMatchObject({ verdict: 'breach', value: 1, samples: 135 });
    expect(verdict.reason).toMatch(/^135 of 135 requests failed .*, but 0 of 36 of rollbackd's own since/);
    expect(judge({ real: times(5, { requests: 5, errors: 5 }), own: times(5, { requests: 12 }) }).verdict).toBe(
      'breach',
    );
  });

  it('is in doubt where too few real requests fail to prove it, and rollbackd’s own do not', () => {
    const verdict = judge({ real: times(5, { requests: 2, errors: 1 }), own: times(5, { requests: 12 }) });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/what they say rollbackd's own do not: nobody knows which is right/);
  });

  it('does not heal while the log cannot be read: rollbackd’s own requests prove no all-clear', () => {
    const real = [...times(5, failing(0.4)), ...times(10, undefined)];
    const unread = times(10, 0).map((_, index) => index + 5);
    const own = times(15, { requests: 12 });
    expect(judge({ real: real.slice(0, 7), own: own.slice(0, 7), unread }).verdict).toBe('breach');
    const verdict = judge({ real, own, unread });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', value: 0 });
    expect(verdict.reason).toBe(
      "the log of requests has not been read since 1970-01-01T00:05:00Z: rollbackd's own requests alone give no all-clear",
    );
    expect(judge({ real, own: times(15, { requests: 12, errors: 6 }), unread }).verdict).toBe('breach');
  });

  it('that nothing has proven for long is no breach by the first requests that are well, and a new one by a new row', () => {
    const quiet = 180;
    const night = { real: [...times(10, failing(0.4)), ...times(quiet, undefined)], own: times(193, { requests: 12 }) };
    const then = (...shares: number[]) =>
      judge({ ...night, real: [...night.real, ...shares.map(failing)], own: night.own.slice(0, 190 + shares.length) });
    expect(then().verdict).toBe('inconclusive');
    expect(then(0)).toMatchObject({ verdict: 'pending', value: 0 });
    expect(then(0, 0).verdict).toBe('pending');
    expect(then(0, 0, 0).verdict).toBe('clear');
    expect(then(0.4, 0.4).verdict).toBe('pending');
    expect(then(0.4, 0.4, 0.4)).toMatchObject({ verdict: 'breach', since: 190 * slot });
  });

  it('that few real requests began is ended by few, with rollbackd’s own', () => {
    const few = (errors: number) => ({ requests: 4, errors });
    const watched = { real: [...times(10, few(2)), ...times(20, few(0))], own: times(30, { requests: 12 }) };
    expect(judge({ real: watched.real.slice(0, 10), own: watched.own.slice(0, 10) }).verdict).toBe('breach');
    expect(judge({ real: watched.real.slice(0, 14), own: watched.own.slice(0, 14) }).verdict).not.toBe('clear');
    expect(judge(watched).verdict).toBe('clear');
  });

  it('is a breach where few are left, all of which fail, after many that were well', () => {
    const watched = { real: [...times(10, { requests: 600 }), ...times(3, { requests: 6, errors: 6 })] };
    expect(judge({ ...watched, own: times(13, { requests: 12 }) })).toMatchObject({ verdict: 'breach', value: 1 });
  });

  it('that real requests began is not ended by rollbackd’s own in the silence after it, but by real ones', () => {
    const silent = { real: [...times(5, failing(0.4)), ...times(10, undefined)], own: times(15, { requests: 12 }) };
    expect(judge(silent).verdict).toBe('inconclusive');
    const later = { ...silent, real: [...silent.real, ...times(3, failing(0))] };
    expect(judge(later).verdict).toBe('clear');
  });

  it('is not clear by rollbackd’s own requests while many users may be waiting for theirs', () => {
    const cut = { real: [...times(5, failing(0)), ...times(10, undefined)], own: times(15, { requests: 12 }) };
    expect(judge({ ...cut, openUpstream: 2 }).verdict).toBe('clear');
    const verdict = judge({ ...cut, openUpstream: 400 });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/^too few requests were answered for 11m15s while 400 connections/);
  });

  it('never breaches on few requests of which too few failed', () => {
    const few = fc.array(fc.tuple(fc.nat(49), fc.nat(5)), { maxLength: 30 });
    const within = (each: readonly [number, number][]) =>
      each.map(([requests, errors], index) => ({
        requests,
        errors: index % 10 === 0 ? Math.min(requests, errors) : 0,
      }));
    fc.assert(fc.property(few, (each) => judge({ real: within(each) }).verdict !== 'breach'));
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
