import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mongoHealth } from '../../src/rules/windows/mongo.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { healthRound, isolationLook, limits } from './looks.ts';

describe('the memory of observations', () => {
  it('is bounded by count and by age', () => {
    const small = { ...limits, count: 10, ageMs: 100, isolationAgeMs: 100 };
    const many = Array.from({ length: 50 }, (_, index) => isolationLook('clean', index));
    const windows = remember(emptyWindows(small), many, 49);
    expect(windows.isolation.map(({ at }) => at)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    expect(remember(windows, [], 500).isolation).toEqual([]);
  });

  it('keeps a few of the foreign documents and counts them all', () => {
    const foreign = Array.from({ length: 400 }, (_, index) => ({ id: `d${index}`, owners: ['warung'] }));
    const look = isolationLook('clean', 0);
    if (look.status !== 'observed' || look.probe !== 'isolation') throw new Error('not an isolation look');
    const windows = remember(emptyWindows(limits), [{ ...look, values: { ...look.values, foreign } }], 0);
    expect(windows.isolation[0]).toMatchObject({ foreignCount: 400, owners: ['warung'] });
    expect(windows.isolation[0]?.foreign).toHaveLength(5);
  });

  it('is in the order in which the looks came, never earlier than the one before, and leaves the old memory as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 40 }), fc.nat(40), (moments, cut) => {
        const looks = moments.flatMap((moment) => healthRound('up', moment));
        const first = remember(emptyWindows(limits), looks.slice(0, cut), 100_000);
        const before = structuredClone(first);
        const whole = remember(first, looks.slice(cut), 100_000);
        expect(first).toEqual(before);
        const times = whole.health.map(({ at }) => at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(whole.control.at(-1)?.at ?? 0).toBeGreaterThanOrEqual(looks.at(-1)?.at ?? 0);
      }),
    );
  });

  const settle = 60_000;

  it('says how long the legacy databases have been well again, until that is long enough', () => {
    const look = (at: number, legacyWritable: boolean) =>
      ({
        probe: 'mongo',
        at,
        tookMs: 0,
        status: 'observed',
        values: { unified: 'reachable', legacy: 'reachable', legacyWritable },
      }) as const;
    const looks = [look(0, true), look(15_000, false), ...[30, 45, 60, 75, 90].map((at) => look(at * 1_000, true))];
    const settlingAt = (now: number) => {
      const seen = looks.filter(({ at }) => at <= now);
      const fact = mongoHealth(remember(emptyWindows(limits), seen, now), settle, now);
      return fact.known ? fact.value.settling : 'unknown';
    };
    expect(settlingAt(0)).toBeUndefined();
    expect(settlingAt(15_000)).toBeUndefined();
    expect(settlingAt(30_000)).toEqual({ legacyWellForMs: 0, settleMs: settle });
    expect(settlingAt(75_000)).toEqual({ legacyWellForMs: 45_000, settleMs: settle });
    expect(settlingAt(90_000)).toBeUndefined();
  });

  it('knows the health of the databases only while the last look is fresh', () => {
    const values = { unified: 'reachable', legacy: 'reachable', legacyWritable: true } as const;
    const look = { probe: 'mongo', at: 0, tookMs: 0, status: 'observed', values } as const;
    const windows = remember(emptyWindows(limits), [look], 0);
    expect(mongoHealth(windows, settle, 40_000)).toEqual({ known: true, value: values });
    expect(mongoHealth(windows, settle, 50_000)).toMatchObject({ known: false });
    expect(mongoHealth(emptyWindows(limits), settle, 0)).toMatchObject({ known: false });
    const blind = remember(windows, [{ probe: 'mongo', at: 5, tookMs: 0, status: 'unobserved', reason: 'offline' }], 5);
    expect(mongoHealth(blind, settle, 6)).toEqual({ known: false, reason: 'offline' });
  });
});
