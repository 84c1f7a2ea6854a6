import type { Observation, ProbeName } from '../../model/observation.ts';
import type { IsolationLook, Windows } from './windows.ts';

/** A smaller step back only makes neighbouring looks seem simultaneous, which counts as no time at all. */
export const clockSlack = 30_000;

/**
 * Looks come in the order in which they were made, of each probe. One from the future, or from long before the one
 * before it, shows that the clock was set back. All but the last of the pieces carry times of another clock, as what
 * was known does where there is more than one piece.
 */
export function splitAtStepsBack(windows: Windows, observations: readonly Observation[], now: number): Observation[][] {
  const newest = new Map<ProbeName, number>(
    (['health', 'control', 'isolation', 'mongo'] as const).map((probe) => [probe, windows[probe].at(-1)?.at ?? 0]),
  );
  let piece: Observation[] = [];
  const pieces = [piece];
  const begin = () => {
    newest.clear();
    piece = [];
    pieces.push(piece);
  };
  if ([...newest.values()].some((at) => at > now + clockSlack)) begin();
  for (const observation of observations) {
    const { probe, at } = observation;
    if (at < (newest.get(probe) ?? at) - clockSlack) begin();
    piece.push(observation);
    newest.set(probe, at);
    if (at > now + clockSlack) begin();
  }
  return pieces;
}

/** A clock that was set back by less than that never lets a look seem earlier than the one before it. */
export function inOrder<T extends { readonly at: number }>(known: readonly T[], added: readonly T[]): T[] {
  let last = known.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  return added.map((look) => {
    last = Math.max(last, look.at);
    return look.at === last ? look : { ...look, at: last };
  });
}

/** What is left of the looks from before a step: a leak that nothing has refuted, as if it had just been seen. */
export function unrefutedAt(looks: readonly IsolationLook[], now: number): IsolationLook[] {
  const proving = looks.filter(({ checked, foreignCount }) => checked > 0 || foreignCount > 0);
  const last = new Map(proving.map((look) => [look.question, look]));
  return [...last.values()]
    .filter(({ foreignCount }) => foreignCount > 0)
    .map((look) => ({ ...look, at: Math.min(look.at, now) }))
    .sort((a, b) => a.at - b.at);
}
