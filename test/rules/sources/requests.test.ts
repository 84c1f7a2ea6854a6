import { describe, expect, it } from 'vitest';
import { completeUntil, hasLog, slotsOf } from '../../../src/rules/sources/requests.ts';
import { controlLook, intervals, limits, logLook, minute, ownLook, samplesOf, slotOf, unseen } from '../looks.ts';

describe('slots of requests', () => {
  it('are complete, of real ones up to where the log was read, of rollbackd’s own up to now', () => {
    const samples = samplesOf([logLook(32_345, [])], 39_999);
    expect(completeUntil('real', samples, 39_999)).toBe(30_000);
    expect(completeUntil('own', samples, 39_999)).toBe(35_000);
    expect(completeUntil('real', samplesOf([], 39_999), 39_999)).toBe(35_000);
  });

  it('are of a log where it was read once, or cannot be read', () => {
    expect(hasLog(samplesOf([], 1))).toBe(false);
    expect(hasLog(samplesOf([unseen('requests', 1)], 1))).toBe(true);
    expect(hasLog(samplesOf([logLook(1, [])], 1))).toBe(true);
  });
});

describe('rollbackd’s own requests', () => {
  const at = minute;
  const range = 3 * intervals.controlEvery;
  /** Whether those of one slot count, with these looks at itself. */
  const count = (...control: Parameters<typeof controlLook>[]) => {
    const looks = control.map((each) => controlLook(...each));
    const samples = samplesOf([...looks, ownLook(at, [slotOf(at, { requests: 1, errors: 1 })])], 2 * minute);
    return slotsOf('own', samples).length;
  };

  it('count where rollbackd looked at itself about that time', () => {
    const after = at + limits.slotMs + range;
    expect(count()).toBe(0);
    expect([count([at - range]), count([at - range - 1])]).toEqual([1, 0]);
    expect([count([after - 1]), count([after])]).toEqual([1, 0]);
  });

  it('count only where it always saw well about that time', () => {
    const after = at + limits.slotMs + range;
    const beside = (when: number) => count([at], [when, false]);
    expect([count([at - range, false], [at]), count([at - range - 1, false], [at])]).toEqual([0, 1]);
    expect([beside(after - 1), beside(after)]).toEqual([0, 1]);
  });
});
