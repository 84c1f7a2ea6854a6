import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { wayThrough } from '../../../src/rules/sources/way-through.ts';
import { eyes, healthLook, rounds, rules, samplesOf } from '../looks.ts';

describe('trouble on the way to an application that is up', () => {
  const trouble = (looks: readonly Observation[], now: number, from = 0) =>
    wayThrough(samplesOf(looks, now), rules.unavailable, now, from);

  it('is seen from the given moment on', () => {
    const looks = rounds(['up', 'barred', 'barred']);
    expect(trouble(looks, 30_000)).toMatchObject({ since: 10_000, looks: 2 });
    expect(trouble(looks, 30_000, 10_000)).toMatchObject({ since: 10_000, looks: 2 });
    expect(trouble(looks, 30_000, 10_001)).toMatchObject({ since: 20_000, looks: 1 });
  });

  it('lasts between looks that are three paces apart, from the end of one to the next', () => {
    const apart = (ms: number) => {
      const looks = [healthLook('up', 0), healthLook('barred', 10_000), healthLook('barred', 10_000 + ms)];
      return trouble([...eyes(0, 60_000), ...looks], 60_000);
    };
    expect([apart(30_001), apart(30_002)]).toMatchObject([{ badMs: 30_001 }, { badMs: 0 }]);
  });
});
