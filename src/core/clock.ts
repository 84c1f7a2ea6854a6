import { setTimeout as delay } from 'node:timers/promises';
import { longestTimer } from './duration.ts';

/** Time as the daemon sees it. Everything that waits or dates takes one, so that tests can drive it. */
export interface Clock {
  /** Wall-clock time, epoch milliseconds: for records and for people. */
  now(): number;
  /** Milliseconds that never jump: for intervals and time-outs. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    for (let rest = ms; ; rest -= longestTimer) {
      await delay(Math.min(rest, longestTimer), undefined, signal ? { signal } : {});
      if (rest <= longestTimer) return;
    }
  },
};
