import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { type Act, actsIn } from '../../src/replay/act.ts';
import { replay } from '../../src/replay/replay.ts';
import { control, health, isolation } from '../engine/judging.ts';
import { live, type World } from './live-engine.ts';
import { exampleConfig } from './written.ts';

const minute = 60_000;
/** Where the clock of the live engine begins. */
const began = Date.parse('2026-01-10T03:00:00Z');

const stretch = fc.record({
  minutes: fc.integer({ min: 1, max: 20 }),
  what: fc.constantFrom('well', 'down', 'leaking', 'blind'),
});
type Stretch = { readonly minutes: number; readonly what: 'well' | 'down' | 'leaking' | 'blind' };

function whatIsAt(stretches: readonly Stretch[], since: number): Stretch['what'] {
  const [first, ...rest] = stretches;
  if (!first) return 'well';
  const lasts = first.minutes * minute;
  return since < lasts ? first.what : whatIsAt(rest, since - lasts);
}

const unseen: Observation = { probe: 'control', status: 'unobserved', at: 0, tookMs: 1, reason: 'no network' };

const worldOf =
  (stretches: readonly Stretch[]): World =>
  (since) => {
    const what = whatIsAt(stretches, since);
    return [
      what === 'blind' ? unseen : control(0),
      ...(since % 10_000 === 0 ? [health(0, what !== 'down')] : []),
      ...(since % 30_000 === 0 && what !== 'down' ? [isolation(0, ...(what === 'leaking' ? ['65f1'] : []))] : []),
    ];
  };

const gist = (acts: readonly Act[]) => acts.map(({ act, criterion, tier }) => `${act} ${criterion} ${tier}`);

it('whatever happened, looking back at what was recorded gives the acts of then, to the minute', async () => {
  const config = { ...exampleConfig(), containment: 'automatic' as const };
  const stories = fc.array(stretch, { minLength: 1, maxLength: 5 });
  const modes = fc.constantFrom('observe' as const, 'approve' as const, 'armed' as const);
  await fc.assert(
    fc.asyncProperty(stories, modes, async (stretches, mode) => {
      const lasts = stretches.reduce((sum, { minutes }) => sum + minutes * minute, 0) + 5 * minute;
      const { file, events } = await live(config, mode, lasts, worldOf(stretches));
      const { past } = await replay({ file, mode }, config);
      const then = actsIn(events);
      expect(past.refusals).toEqual([]);
      const both = Math.min(then.length, past.acts.length);
      expect(gist(past.acts.slice(0, both))).toEqual(gist(then.slice(0, both)));
      for (const [index, { at }] of then.slice(0, both).entries())
        expect(Math.abs((past.acts[index]?.at ?? 0) - at)).toBeLessThanOrEqual(minute);
      // What falls into the last minute may have been told by one of them alone.
      const end = began + lasts;
      for (const { at } of [...then.slice(both), ...past.acts.slice(both)]) expect(at).toBeGreaterThan(end - minute);
    }),
    { numRuns: 12 },
  );
}, 120_000);
