import type { ControlLook, Timed } from './samples.ts';

/** `unsettled`: rollbackd has not looked at itself since. */
export type Eyesight = 'well' | 'blind' | 'unsettled';

/** An answer that does not come is the target's fault only if rollbackd saw well just before and just after. */
export function eyesight({ at, tookMs }: Timed, control: readonly ControlLook[], range: number, now: number): Eyesight {
  const end = at + tookMs;
  const after = indexFrom(control, end);
  const before = indexFrom(control, at + 1) - 1;
  const witnesses = control.slice(Math.max(before, 0), after + 1);
  if (witnesses.some((witness) => !witness.well)) return 'blind';
  const first = control[before];
  const last = control[after];
  if (!first || at - first.at > range) return 'blind';
  if (last) return last.at - end > range ? 'blind' : 'well';
  return now - end > range ? 'blind' : 'unsettled';
}

/** Index of the first look at or after `time`. */
export function indexFrom(looks: readonly { readonly at: number }[], time: number): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((looks[middle]?.at ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those of [from, to), of what is in the order of time. */
export const between = <T extends { readonly at: number }>(looks: readonly T[], from: number, to: number): T[] =>
  looks.slice(indexFrom(looks, from), indexFrom(looks, to));
