import { provesAbove, provesBelow } from './odds.ts';

/** How many of the requests of one slot of time were bad, by what it takes to fire and by what it takes to be resolved. */
export interface Tally {
  readonly at: number;
  readonly all: number;
  readonly bad: number;
  /** By the threshold for being resolved: as many, or more. */
  readonly badToClear: number;
}

export interface ShareRule {
  readonly slot: number;
  /** Each is asked alone: how long it is, and how unlikely chance must be in it. */
  readonly windows: readonly { readonly over: number; readonly odds: number }[];
  /** A window with fewer bad ones never fires. */
  readonly failures: number;
  readonly clearOdds: number;
}

export interface ShareThresholds {
  readonly above: number;
  readonly clear: number;
}

/** Requests of one window, as one. */
export interface Pooled {
  readonly over: number;
  readonly all: number;
  readonly bad: number;
  readonly badToClear: number;
}

export type ShareState =
  /** `quiet`: it has not fired since it was resolved last, as far as is remembered. */
  | { readonly state: 'quiet' | 'resolved' }
  /** It has fired and was not resolved since. `by`: the window that fired last, as it was then. */
  | { readonly state: 'firing'; readonly since: number; readonly at: number; readonly by: Pooled };

/** A window is looked at in so many parts of the same length: trouble is in each of them, a burst in few. */
const parts = 6;

/** The requests of one measure, ready to be added up over any stretch. Tallies ascend, at most one a slot. */
export class ShareSeries {
  readonly #tallies: readonly Tally[];
  readonly #sums: { readonly all: Float64Array; readonly bad: Float64Array; readonly badToClear: Float64Array };
  readonly #rule: ShareRule;
  readonly #thresholds: ShareThresholds;

  constructor(tallies: readonly Tally[], rule: ShareRule, thresholds: ShareThresholds) {
    this.#tallies = tallies;
    this.#rule = rule;
    this.#thresholds = thresholds;
    this.#sums = {
      all: runningSum(tallies, ({ all }) => all),
      bad: runningSum(tallies, ({ bad }) => bad),
      badToClear: runningSum(tallies, ({ badToClear }) => badToClear),
    };
  }

  /** All of [from, to). */
  pooled(from: number, to: number): Pooled {
    const first = this.#indexOf(from);
    const end = this.#indexOf(to);
    const between = (sums: Float64Array) => (sums[end] ?? 0) - (sums[first] ?? 0);
    const { all, bad, badToClear } = this.#sums;
    return { over: to - from, all: between(all), bad: between(bad), badToClear: between(badToClear) };
  }

  /**
   * The newest requests before `to`: of half a part of the shortest window, further back until there are a few. By them
   * trouble goes on or is over now.
   */
  newest(to: number): Pooled {
    const least = (this.#rule.windows[0]?.over ?? 0) / parts;
    let from = to - least;
    let index = this.#indexOf(from);
    while (index > 0 && this.pooled(from, to).all < fewest) {
      index -= 1;
      from = this.#tallies[index]?.at ?? from;
    }
    return this.pooled(from, to);
  }

  /** How it stands at `to`, the end of the last slot that is complete. */
  stateAt(to: number): ShareState {
    const first = this.#tallies[0]?.at ?? to;
    for (let end = to; end > first; end = this.#before(end)) {
      const by = this.firingAt(end);
      if (by) return { state: 'firing', since: this.#beginOf(end, by), at: end, by };
      if (this.resolvedAt(end)) return { state: 'resolved' };
    }
    return { state: 'quiet' };
  }

  /** The first window that is above the threshold as a whole, by more than chance, and in each of its parts. */
  firingAt(end: number): Pooled | undefined {
    const { windows, failures } = this.#rule;
    const { above } = this.#thresholds;
    for (const { over, odds } of windows) {
      const window = this.pooled(end - over, end);
      if (window.bad < failures || !provesAbove(window.bad, window.all, above, odds)) continue;
      if (this.#isThroughout(end, over)) return window;
    }
    return undefined;
  }

  /** Some window, or one four times as long as the longest, is below `clear` by more than chance, and every shorter one as it seems. */
  resolvedAt(end: number): boolean {
    const { windows, clearOdds } = this.#rule;
    const { clear } = this.#thresholds;
    for (const over of [...windows.map((window) => window.over), this.#longest]) {
      const { all, badToClear } = this.pooled(end - over, end);
      if (badToClear > clear * all) return false;
      if (provesBelow(badToClear, all, clear, clearOdds)) return true;
    }
    return false;
  }

  /** Parts without requests say nothing, but the newest must have some, and half of them. */
  #isThroughout(end: number, over: number): boolean {
    const { above } = this.#thresholds;
    const part = over / parts;
    let seen = 0;
    for (let number = 0; number < parts; number += 1) {
      const { all, bad } = this.pooled(end - (number + 1) * part, end - number * part);
      if (all === 0 && number === 0) return false;
      if (all > 0 && bad <= above * all) return false;
      if (all > 0) seen += 1;
    }
    return 2 * seen >= parts;
  }

  /** The first bad one of the trouble: back from the window that fired to where it was resolved last. */
  #beginOf(end: number, { over }: Pooled): number {
    let begin = end - over;
    while (
      begin > (this.#tallies[0]?.at ?? begin) &&
      !this.resolvedAt(begin) &&
      this.pooled(begin - over, begin).bad > 0
    )
      begin -= over / parts;
    return this.#tallies[this.#firstBad(begin)]?.at ?? begin;
  }

  get #longest(): number {
    return 4 * (this.#rule.windows.at(-1)?.over ?? 0);
  }

  #firstBad(from: number): number {
    let index = this.#indexOf(from);
    while (index < this.#tallies.length && this.#tallies[index]?.bad === 0) index += 1;
    return index;
  }

  /** The end before it at which something may have been otherwise. */
  #before(end: number): number {
    const { slot } = this.#rule;
    const index = this.#indexOf(end - slot);
    const earlier = this.#tallies[index - 1];
    const longest = this.#longest;
    // Through a long silence nothing changes but what is forgotten.
    return earlier && end - slot - earlier.at > longest ? earlier.at + longest : end - slot;
  }

  /** Index of the first tally at or after `time`. */
  #indexOf(time: number): number {
    let low = 0;
    let high = this.#tallies.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tallies[middle]?.at ?? time) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** So few at least say whether trouble goes on. */
const fewest = 5;

function runningSum(tallies: readonly Tally[], valueOf: (tally: Tally) => number): Float64Array {
  const sums = new Float64Array(tallies.length + 1);
  tallies.forEach((tally, index) => {
    sums[index + 1] = (sums[index] ?? 0) + valueOf(tally);
  });
  return sums;
}
