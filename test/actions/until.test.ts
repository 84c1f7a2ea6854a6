import { expect, it } from 'vitest';
import { steadily } from '../../src/actions/until.ts';
import { manualClock } from '../manual-clock.ts';
import { finished } from './perform.ts';

const looking = (answers: readonly string[], forMs = 1_000) => {
  const clock = manualClock();
  const left = [...answers];
  const look = async () => left.shift() ?? 'good';
  const { signal } = new AbortController();
  return finished(
    clock,
    steadily(look, (seen) => seen === 'good', { forMs, everyMs: 100, clock, signal }),
  );
};

it('is steady after ten good looks in a row, and says the last', async () => {
  expect(await looking(['bad', 'good', 'bad'], 5_000)).toEqual({ seen: 'good', steady: true });
});

it('where it is not, says the last look that was bad, not the good one that came after it', async () => {
  const flickering = ['good', 'good', 'bad 1', 'good', 'good', 'good', 'good', 'bad 2', 'good', 'good', 'good', 'good'];
  expect(await looking(flickering)).toEqual({ seen: 'bad 2', steady: false });
});
