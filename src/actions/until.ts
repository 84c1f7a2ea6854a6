import type { Clock } from '../core/clock.ts';

interface Patience {
  readonly forMs: number;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Looks again and again until it is good or the time is up; the last look is returned either way. */
export async function until<T>(
  look: () => Promise<T>,
  isGood: (seen: T) => boolean,
  { forMs, everyMs, clock, signal }: Patience,
): Promise<T> {
  const deadline = clock.monotonic() + forMs;
  for (;;) {
    const seen = await look();
    if (isGood(seen) || clock.monotonic() >= deadline) return seen;
    await clock.sleep(everyMs, signal);
  }
}
