import { setTimeout as delay } from 'node:timers/promises';

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
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};
