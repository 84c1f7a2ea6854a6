import type { Clock } from '../../core/clock.ts';

/** What is read anew at most once in this time, however often it is asked for; a failure is not kept. */
export function keptFor<T>(
  ms: number,
  clock: Pick<Clock, 'monotonic'>,
  read: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  let kept: { readonly until: number; readonly value: Promise<T> } | undefined;
  return (signal) => {
    if (kept && clock.monotonic() < kept.until) return kept.value;
    const value = read(signal);
    const fresh = { until: clock.monotonic() + ms, value };
    kept = fresh;
    value.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return value;
  };
}
