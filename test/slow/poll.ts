import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 50;

/** Looks again and again until there is an answer. Errors: `what` in words, when the time is up. */
export async function poll<T>(what: string, look: () => Promise<T | undefined>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s`);
    await pause(pollMs);
  }
}
