import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mongoHealth } from '../../src/rules/windows/mongo.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { controlLook, healthRound, isolationLook, limits } from './looks.ts';

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

  describe('of the legacy databases', () => {
    const look = (at: number, legacyWritable: boolean) =>
      ({
        probe: 'mongo',
        at,
        tookMs: 0,
        status: 'observed',
        values: { unified: 'reachable', legacy: 'reachable', legacyWritable },
      }) as const;
    const isOffline = (at: number, offline: readonly number[]) => offline.some((each) => Math.abs(each - at) < 15_000);
    /** One look every fifteen seconds, `x` where it finds trouble; how long the application still has after each. */
    const settlings = (looks: string, offline: readonly number[] = []) =>
      [...looks].map((_, newest) => {
        const seen = [...looks.slice(0, newest + 1)].map((one, index) => look(index * 15_000, one !== 'x'));
        const control = Array.from({ length: 3 * newest + 4 }, (__, index) =>
          controlLook((index - 1) * 5_000, !isOffline((index - 1) * 5_000, offline)),
        );
        const now = newest * 15_000 + 5_000;
        const fact = mongoHealth(remember(emptyWindows(limits), [...control, ...seen], now), settle, now);
        return fact.known ? fact.value.settling : 'unknown';
      });
    const isHeldUp = (looks: string) =>
      settlings(looks)
        .map((each) => (each ? '!' : '.'))
        .join('');

    it('says how long ago they came back, until the application has had its time', () => {
      const after = settlings('-xxxxxx-----').slice(6);
      const settled = (legacyBackForMs: number) => ({ legacyBackForMs, settleMs: settle });
      expect(after).toEqual([undefined, settled(0), settled(15_000), settled(30_000), settled(45_000), undefined]);
    });

    it('holds nothing up for longer than the trouble lasted, nor after a single look that found some', () => {
      expect(isHeldUp('-x------')).toBe('........');
      expect(isHeldUp('-xx-----')).toBe('...!....');
      expect(isHeldUp('-xxx----')).toBe('....!!..');
      expect(isHeldUp('---x---x---x---x---x---x---x---x')).not.toContain('!');
    });

    it('lets the application recover once, though they fail for a moment again', () => {
      expect(isHeldUp('-xxxxxx-x-x-x-x-')).toBe('.......!!!!.....');
    });

    it('takes what an observer without a network saw for no trouble', () => {
      expect(settlings('-xxxxxx--', [15_000, 30_000, 45_000, 60_000, 75_000, 90_000])[7]).toBeUndefined();
    });
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
