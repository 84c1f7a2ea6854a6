import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../src/core/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass: whoever sleeps that long wakes in order, and gets to do what follows before the next one. */
  pass(ms: number): Promise<void>;
  /** Somebody sets the wall clock; what nobody can set goes on as it was. */
  set(by: number): void;
  /** How many sleep right now. */
  sleepers(): number;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until the test moves it. Whatever does not wait for it runs at its own pace. */
export function manualClock(start = Date.parse('2026-01-10T03:00:00Z')): ManualClock {
  const sleepers = new Set<Sleeper>();
  let passed = 0;
  let wall = start;
  const next = (before: number) =>
    [...sleepers].filter(({ until }) => until <= before).sort((a, b) => a.until - b.until)[0];
  return {
    now: () => wall + passed,
    monotonic: () => passed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        const sleeper: Sleeper = { until: passed + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    set(by) {
      wall += by;
    },
    sleepers: () => sleepers.size,
    async pass(ms) {
      const end = passed + ms;
      await settled();
      for (let due = next(end); due; due = next(end)) {
        passed = Math.max(passed, due.until);
        due.wake();
        await settled();
      }
      passed = end;
    },
  };
}

/** Everything that waits for nothing but promises has gone as far as it can. */
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round++) await turn();
}
