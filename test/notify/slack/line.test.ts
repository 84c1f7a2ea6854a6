import { ErrorCode } from '@slack/web-api';
import { expect, it } from 'vitest';
import { Line } from '../../../src/notify/channels/slack/line.ts';
import { manualClock } from '../../manual-clock.ts';

const forever = new AbortController().signal;
const limited = (seconds: number) =>
  Object.assign(new Error('limited'), { code: ErrorCode.RateLimitedError, retryAfter: seconds });

it('lets a second pass between two calls, in the order they were asked for', async () => {
  const clock = manualClock();
  const line = new Line({ clock, spacingMs: 1_000 });
  const at: string[] = [];
  const calls = ['a', 'b', 'c'].map((name) => line.call(async () => at.push(`${name} ${clock.monotonic()}`), forever));
  await clock.pass(10_000);
  await Promise.all(calls);
  expect(at).toEqual(['a 0', 'b 1000', 'c 2000']);
});

it('waits as long as Slack asks for, and gives up when it is asked a third time', async () => {
  const clock = manualClock();
  const line = new Line({ clock, spacingMs: 0 });
  const at: number[] = [];
  const refused = line.call(() => {
    at.push(clock.monotonic());
    return Promise.reject(limited(30));
  }, forever);
  refused.catch(() => {});
  await clock.pass(120_000);
  await expect(refused).rejects.toThrow('limited');
  expect(at).toEqual([0, 30_000, 60_000]);
});

it('makes whoever comes next wait, too', async () => {
  const clock = manualClock();
  const line = new Line({ clock, spacingMs: 0 });
  let told = false;
  const first = line.call(async () => {
    if (told) return 'first';
    told = true;
    throw limited(30);
  }, forever);
  const second = line.call(async () => clock.monotonic(), forever);
  await clock.pass(60_000);
  expect([await first, await second]).toEqual(['first', 30_000]);
});

it('gives what is under way a moment to end when it is to stop, and begins nothing more', async () => {
  const clock = manualClock();
  const line = new Line({ clock, spacingMs: 0 });
  const stopping = new AbortController();
  const { promise: reply, resolve } = Promise.withResolvers<string>();
  const under = line.call(() => reply, stopping.signal);
  const next = line.call(async () => 'begun', stopping.signal);
  next.catch(() => {});
  await clock.pass(0);
  stopping.abort(new Error('the daemon stops'));
  await clock.pass(2_000);
  resolve('posted');
  expect(await under).toBe('posted');
  await expect(next).rejects.toThrow('the daemon stops');
});

it('does not wait longer than a moment', async () => {
  const clock = manualClock();
  const line = new Line({ clock, spacingMs: 0 });
  const stopping = new AbortController();
  const hanging = line.call(() => new Promise<never>(() => {}), stopping.signal);
  hanging.catch(() => {});
  await clock.pass(0);
  stopping.abort(new Error('the daemon stops'));
  await clock.pass(3_000);
  await expect(hanging).rejects.toThrow('the daemon stops');
});
