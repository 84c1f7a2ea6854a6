import type { HowLong } from '../samples/lasting.ts';
import { provesAbove, provesBelow } from '../samples/odds.ts';
import type { Firing, Pooled, Pooling, ShareState } from '../samples/shares.ts';
import type { RequestSettings } from '../sources/request-settings.ts';
import type { Source } from '../sources/requests.ts';
import type { JudgeInput } from './criterion.ts';

/** Fewer requests say little: then a longer window is shown. */
const enoughToShow = 50;

/** The window to speak of now: the one that fired, else the shortest with enough requests, else the longest. */
export function shownWindow(series: Pooling, state: ShareState, { windows }: RequestSettings, to: number): Pooled {
  if (state.state === 'firing') {
    const now = series.pooled(to - state.by.over, to);
    return now.all > 0 ? now : state.by;
  }
  const pooled = windows.map(({ over }) => series.pooled(to - over, to));
  return pooled.find(({ all }) => all >= enoughToShow) ?? (pooled.at(-1) as Pooled);
}

/** Odds that are enough to wait by, and no proof. */
const likely = 3;

/** That so many bad ones are above a share; a single one is no trouble. */
export const isLikely = (bad: number, all: number, above: number): boolean =>
  bad > 1 && provesAbove(bad, all, above, likely);

/** That so many good ones in a row are below it. */
export const isLikelyWell = (good: number, clear: number): boolean => provesBelow(0, good, clear, likely);

/** Up to when to count whose trouble it is: now, or when the window fired that has nothing bad left in it. */
export const troubleUntil = (series: Pooling, { at, by }: Firing, to: number): number =>
  series.pooled(to - by.over, to).bad > 0 ? to : at;

const shortestOf = ({ windows }: RequestSettings): number => Math.min(...windows.map(({ over }) => over));

/**
 * Not one real request in the second shortest window: at night there are gaps as long as the shortest. rollbackd asks
 * every few seconds, where it sees.
 */
export function isSilent(series: Pooling, requests: RequestSettings, to: number, source: Source): boolean {
  const shortest = shortestOf(requests);
  const over = source === 'own' ? shortest : (requests.windows[1]?.over ?? shortest);
  return series.pooled(to - over, to).all === 0;
}

/** Some requests of the shortest window went well, and those lately are not above the threshold, by more than chance. */
export function isSeenWell(series: Pooling, { requests, now }: JudgeInput, to: number): boolean {
  const shortest = shortestOf(requests);
  const { all, bad } = series.pooled(to - shortest, to);
  return all > bad && now - to < shortest && series.isWellAt(to);
}

/** No window fires any more, for as long as the shortest is, or the newest requests are well: then it only waits to be resolved. */
export function isRecovering(
  series: Pooling,
  { at }: Firing,
  requests: RequestSettings,
  to: number,
  clear: number,
): boolean {
  if (to - at >= shortestOf(requests)) return true;
  const { all, badToClear } = series.newest(to);
  return badToClear <= clear * all;
}

/** A number that somebody else measured has no counts: it must last for the shortest window. */
export function howLongOf(requests: RequestSettings): HowLong {
  const over = shortestOf(requests);
  return { for: over, within: 2 * over, samples: 3, clearFor: over };
}
