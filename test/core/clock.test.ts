import { expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { parseDuration } from '../../src/core/duration.ts';

test('a sleep longer than a timer can be is not over at once', async () => {
  const called = new AbortController();
  const long = systemClock.sleep(parseDuration('30d') ?? 0, called.signal).then(() => 'over');
  expect(await Promise.race([long, systemClock.sleep(50).then(() => 'asleep')])).toBe('asleep');
  called.abort(new Error('called off'));
  await expect(long).rejects.toThrow();
});
