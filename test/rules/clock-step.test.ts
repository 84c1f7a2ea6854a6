import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { judgeLeak } from '../../src/rules/criteria/cross-tenant-leak.ts';
import { judgeUnavailable } from '../../src/rules/criteria/unavailable.ts';
import { emptyWindows, remember, type Windows } from '../../src/rules/windows/windows.ts';
import { type HealthSeen, healthRound, intervals, isolationLook, type LeakSeen, limits, rules } from './looks.ts';

const began = 100_000_000;

/** The moment of each look by a clock that is set back by so much before the look of that number. */
const clockOf =
  (everyMs: number, step: { before: number; backBy: number }) =>
  (index: number): number =>
    began + index * everyMs - (index >= step.before ? step.backBy : 0);

interface Told {
  readonly live: Windows;
  /** The same after a restart: from the recorder, in one piece. */
  readonly reloaded: Windows;
  readonly now: number;
}

/** Each round is told as it comes, within five seconds. */
function told(rounds: readonly (readonly Observation[])[]): Told {
  const soon = (round: readonly Observation[]) => (round.at(-1)?.at ?? began) + 10;
  const live = rounds.reduce((known, round) => remember(known, round, soon(round)), emptyWindows(limits));
  const now = soon(rounds.at(-1) ?? []);
  return { live, reloaded: remember(emptyWindows(limits), rounds.flat(), now), now };
}

const step = fc.record({ before: fc.nat(80), backBy: fc.integer({ min: 1, max: 5 * 3_600_000 }) });
const noStep = { before: 0, backBy: 0 };

describe('a clock that is set back', () => {
  it('changes no verdict about an outage for longer than it takes to see it anew', () => {
    const sight = fc.constantFrom<HealthSeen>('up', 'down', 'hanging', 'disputed', 'blind', 'offline');
    const ending = fc.constantFrom<HealthSeen>('up', 'down', 'hanging', 'disputed', 'blind');
    fc.assert(
      fc.property(fc.array(sight, { maxLength: 60 }), ending, step, (seen, last, back) => {
        // Long enough for an outage, however often it was up before.
        const all = [...seen, ...Array.from({ length: 220 }, () => last)];
        const verdictOf = (moment: (index: number) => number) => {
          const { live, reloaded, now } = told(all.map((one, index) => healthRound(one, moment(index))));
          return [live, reloaded].map((windows) => judgeUnavailable(windows, rules.unavailable, now).verdict);
        };
        const [without] = verdictOf(clockOf(intervals.healthEvery, noStep));
        expect(verdictOf(clockOf(intervals.healthEvery, back))).toEqual([without, without]);
      }),
      { numRuns: 60 },
    );
  });

  it('changes no verdict about a leak for longer than it takes to ask again', () => {
    const sight = fc.constantFrom<LeakSeen>('leak', 'clean', 'empty', 'blind');
    const ending = fc.constantFrom<LeakSeen>('leak', 'clean');
    fc.assert(
      fc.property(fc.array(sight, { maxLength: 60 }), ending, step, (seen, last, back) => {
        const all = [...seen, ...Array.from({ length: 50 }, () => last)];
        const verdictOf = (moment: (index: number) => number) => {
          const { live, reloaded, now } = told(all.map((one, index) => [isolationLook(one, moment(index))]));
          const scope = { leakedBefore: new Set<string>(), from: 0 };
          return [live, reloaded].map((windows) => judgeLeak(windows, rules['cross-tenant-leak'], now, scope).verdict);
        };
        const [without] = verdictOf(clockOf(intervals.isolationEvery, noStep));
        expect(verdictOf(clockOf(intervals.isolationEvery, back))).toEqual([without, without]);
      }),
      { numRuns: 60 },
    );
  });

  it('makes nobody forget a leak that was not refuted', () => {
    const hour = 3_600_000;
    const seen = remember(emptyWindows(limits), [isolationLook('leak', began + hour)], began + hour);
    const after = remember(seen, [], began);
    expect(after.isolation).toMatchObject([{ at: began, foreignCount: 1 }]);
    const scope = { leakedBefore: new Set<string>(), from: 0 };
    expect(judgeLeak(after, rules['cross-tenant-leak'], began, scope).verdict).toBe('pending');
  });
});
