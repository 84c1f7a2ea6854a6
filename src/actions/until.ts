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

/** How many looks in a row must be good, so that a balancer's old worker has had its last word. */
const looksInARow = 10;

/**
 * Looks until it has been good ten times in a row, or the time is up; returns the last look, or where it did not stay good the last bad one.
 * A balancer hands over between its workers: one good answer says nothing about the next. Without patience the first bad one ends it.
 */
export async function steadily<T>(
  look: () => Promise<T>,
  isGood: (seen: T) => boolean,
  { patient = true, ...patience }: Patience & { readonly patient?: boolean },
): Promise<{ seen: T; steady: boolean }> {
  let inARow = 0;
  let bad: { readonly seen: T } | undefined;
  const counted = async () => {
    const seen = await look();
    inARow = isGood(seen) ? inARow + 1 : 0;
    if (inARow === 0) bad = { seen };
    return seen;
  };
  const isSettled = () => inARow >= looksInARow || (inARow === 0 && !patient);
  const last = await until(counted, isSettled, patience);
  if (inARow >= looksInARow) return { seen: last, steady: true };
  return { seen: bad ? bad.seen : last, steady: false };
}
