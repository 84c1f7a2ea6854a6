import type { IsolationLook } from './windows.ts';

/** From one answer with documents of known owner to another, with no round of questions between them that found none. */
export interface ServedStretch {
  readonly from: number;
  readonly to: number;
}

/** Nearer than two rounds of questions: none of them went without an answer in between. */
const reach = (isolationEvery: number): number => Math.max(2 * isolationEvery - 1, 2_000);

/** What trusted routes handed out while nobody else could: the application serves, whatever its health says. */
export function servedAfter(
  known: readonly ServedStretch[],
  added: readonly IsolationLook[],
  isolationEvery: number,
): readonly ServedStretch[] {
  const answers = added
    .filter(({ trusted, ask, checked }) => trusted && ask === 'own-list' && checked > 0)
    .map(({ at, tookMs }) => at + tookMs);
  const stretches = [...known];
  for (const at of answers) {
    const last = stretches.at(-1);
    if (last && at - last.to <= reach(isolationEvery))
      stretches[stretches.length - 1] = { ...last, to: Math.max(at, last.to) };
    else stretches.push({ from: at, to: at });
  }
  return answers.length === 0 ? known : stretches;
}

/** Documents were handed out during the look, or without a break before and after it. */
export const servedDuring = (stretches: readonly ServedStretch[], at: number, end: number): boolean =>
  stretches.some(({ from, to }) => from <= end && to >= at);
