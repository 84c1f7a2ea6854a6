import type { Clock } from '../../core/clock.ts';

/** What is read anew at most once in this time, however often it is asked for; a failure is not kept. */
export function keptFor<T>(
  ms: number,
  clock: Pick<Clock, 'monotonic'>,
  read: (signal: AbortSignal) => Promise<T>,
): () => Promise<T> {
  let kept: { readonly until: number; readonly value: Promise<T> } | undefined;
  return () => {
    if (kept && clock.monotonic() < kept.until) return kept.value;
    // Whoever asks first may stop waiting: the others do not.
    const value = read(new AbortController().signal);
    const fresh = { until: clock.monotonic() + ms, value };
    kept = fresh;
    value.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return value;
  };
}
