import { setTimeout as pause } from 'node:timers/promises';

/** Polls until the condition holds; what was seen last is in the error. */
export async function eventually<T>(see: () => Promise<T>, holds: (seen: T) => boolean, withinMs = 15_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await see();
    if (holds(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms; seen last: ${JSON.stringify(seen)}`);
    await pause(50);
  }
}
