import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

/** Polls until there is a value; the first falsy answer is not yet a failure. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | 0 | Promise<T | undefined | false | 0>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(POLL_MS);
  }
}
