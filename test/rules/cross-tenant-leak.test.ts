import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLeak } from '../../src/rules/criteria/cross-tenant-leak.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { asked, isolationLook, type LeakSeen, limits, rules } from './looks.ts';

const rule = rules['cross-tenant-leak'];
const judge = (seen: readonly LeakSeen[]) => {
  const { windows, now } = asked(seen);
  return judgeLeak(windows, rule, now);
};
const anyLook = fc.constantFrom<LeakSeen>('leak', 'clean', 'empty', 'blind');

describe('a cross-tenant leak', () => {
  it('is pending at first sight and names the probe that settles it', () => {
    expect(judge(['clean', 'leak'])).toMatchObject({ verdict: 'pending', confirmBy: 'isolation', value: 1 });
  });

  it('is a breach when the same question leaks again, and says who got whose documents', () => {
    expect(judge(['leak', 'leak'])).toMatchObject({
      verdict: 'breach',
      tier: 'critical',
      value: 1,
      samples: 2,
      since: 0,
      tenants: ['negoes', 'warung'],
      reason:
        'menu asked as negoes (own-list) answered with 1 document of warung (such as d1) in 2 of 2 looks since 1970-01-01T00:00:00Z',
    });
  });

  it('is refuted by a clean look between, and after a breach by as many clean looks as confirmed it', () => {
    expect(judge(['leak', 'clean']).verdict).toBe('clear');
    expect(judge(['leak', 'clean', 'leak']).verdict).toBe('pending');
    expect(judge(['leak', 'leak', 'clean']).verdict).toBe('breach');
    expect(judge(['leak', 'leak', 'clean', 'clean']).verdict).toBe('clear');
  });

  it('is not refuted by answers without a single known document, nor by blindness', () => {
    expect(judge(['leak', 'empty', 'leak']).verdict).toBe('breach');
    expect(judge(['leak', 'blind', 'empty']).verdict).toBe('pending');
  });

  it('is not confirmed by another tenant or another route', () => {
    const looks = [
      isolationLook('leak', 0),
      isolationLook('leak', 1, { route: 'orders' }),
      isolationLook('leak', 2, { tenant: 'kopi' }),
    ];
    expect(judgeLeak(remember(emptyWindows(limits), looks, 2), rule, 10).verdict).toBe('pending');
  });

  it('is not refuted by another question about the same route, asked in the same round', () => {
    const other = { ...isolationLook('clean', 1) };
    const looks = [
      isolationLook('leak', 0),
      isolationLook('clean', 1, { tenant: 'kopi' }),
      other,
      isolationLook('leak', 30_000),
    ];
    const foreignId = looks.map((look, index) =>
      index === 2 && look.status === 'observed' && look.probe === 'isolation'
        ? { ...look, values: { ...look.values, ask: 'foreign-id' as const } }
        : look,
    );
    expect(judgeLeak(remember(emptyWindows(limits), foreignId, 30_000), rule, 30_010).verdict).toBe('breach');
  });

  it('outlives the memory of its looks: forgetting is no pass', () => {
    const first = remember(emptyWindows(limits), [isolationLook('leak', 0), isolationLook('leak', 30_000)], 30_000);
    const later = limits.isolationAgeMs * 3;
    const other = [isolationLook('clean', later - 1, { tenant: 'kopi' })];
    const windows = remember(remember(first, [], later - 2), other, later);
    expect(judgeLeak(windows, rule, later)).toMatchObject({ verdict: 'inconclusive' });
    const refuted = remember(windows, [isolationLook('clean', later), isolationLook('clean', later + 1)], later + 1);
    expect(judgeLeak(refuted, rule, later + 1).verdict).toBe('clear');
  });

  it('is ruled out only as long as somebody looks', () => {
    expect(judge(['clean', 'blind', 'blind']).verdict).toBe('clear');
    expect(judge(['clean', 'blind', 'blind', 'empty', 'blind'])).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no trusted route has answered for 2m',
    });
  });

  it('never breaches and never passes on blindness', () => {
    const nothing = fc.array(fc.constantFrom<LeakSeen>('blind', 'empty'), { maxLength: 60 });
    fc.assert(fc.property(nothing, (seen) => judge(seen).verdict === 'inconclusive'));
  });

  it('is not made worse or better by looks that prove nothing', () => {
    const order = { clear: 0, inconclusive: 1, exempt: 1, pending: 2, breach: 3 } as const;
    fc.assert(
      fc.property(
        fc.array(anyLook, { maxLength: 30 }),
        fc.constantFrom<LeakSeen>('blind', 'empty'),
        (seen, nothing) => {
          const before = judge(seen).verdict;
          const after = judge([...seen, nothing]).verdict;
          if (before !== 'clear') expect(after).not.toBe('clear');
          expect(order[after]).toBeLessThanOrEqual(Math.max(order[before], order.inconclusive));
        },
      ),
    );
  });

  it('is never a breach on fewer leaks than samples', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { maxLength: 30 }), (seen) => {
        if (judge(seen).verdict !== 'breach') return;
        expect(seen.filter((one) => one === 'leak').length).toBeGreaterThanOrEqual(rule.samples);
      }),
    );
  });
});
