import { indexFrom } from './eyesight.ts';
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

/** What whoever speaks of a measure needs of it. */
export interface Pooling {
  pooled(from: number, to: number): Pooled;
  newest(to: number): Pooled;
}

/** Slots in the order of time, and what of each is bad. */
export interface Measurable<T extends { readonly at: number }> {
  readonly slots: readonly T[];
  readonly of: (slot: T) => Omit<Tally, 'at'>;
  /** Slots that begin before it are left out. */
  readonly from: number;
}

/**
 * The requests of one measure, to be added up over any stretch. Sums reach from the newest slot back as far as somebody has
 * asked: while all is well that is near.
 */
export class ShareSeries<T extends { readonly at: number }> implements Pooling {
  readonly #slots: readonly T[];
  readonly #of: Measurable<T>['of'];
  readonly #first: number;
  /** Of the newest slots: by their number. */
  readonly #sums: Omit<Tally, 'at'>[] = [{ all: 0, bad: 0, badToClear: 0 }];
  readonly #rule: ShareRule;
  readonly #thresholds: ShareThresholds;

  constructor({ slots, of, from }: Measurable<T>, rule: ShareRule, thresholds: ShareThresholds) {
    this.#slots = slots;
    this.#of = of;
    this.#first = indexFrom(slots, from);
    this.#rule = rule;
    this.#thresholds = thresholds;
  }

  /** All of [from, to). */
  pooled(from: number, to: number): Pooled {
    const since = this.#sumFrom(this.#indexOf(from));
    const later = this.#sumFrom(this.#indexOf(to));
    return {
      over: to - from,
      all: since.all - later.all,
      bad: since.bad - later.bad,
      badToClear: since.badToClear - later.badToClear,
    };
  }

  /**
   * The newest requests before `to`: of half a part of the shortest window, further back until there are a few. By them
   * trouble goes on or is over now.
   */
  newest(to: number): Pooled {
    const least = (this.#rule.windows[0]?.over ?? 0) / parts;
    let from = to - least;
    let index = this.#indexOf(from);
    while (index > this.#first && this.pooled(from, to).all < fewest) {
      index -= 1;
      from = this.#slots[index]?.at ?? from;
    }
    return this.pooled(from, to);
  }

  /** How it stands at `to`, the end of the last slot that is complete. */
  stateAt(to: number): ShareState {
    const first = this.#slots[this.#first]?.at ?? to;
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
    const first = this.#slots[this.#first]?.at ?? end;
    let begin = end - over;
    while (begin > first && !this.resolvedAt(begin) && this.pooled(begin - over, begin).bad > 0) begin -= over / parts;
    let index = this.#indexOf(begin);
    while (this.#badIn(index) === 0) index += 1;
    return this.#slots[index]?.at ?? begin;
  }

  #badIn(index: number): number {
    const slot = this.#slots[index];
    return slot ? this.#of(slot).bad : 1;
  }

  get #longest(): number {
    return 4 * (this.#rule.windows.at(-1)?.over ?? 0);
  }

  /** The end before it at which something may have been otherwise. */
  #before(end: number): number {
    const { slot } = this.#rule;
    const earlier = this.#slots[this.#indexOf(end - slot) - 1];
    // Through a long silence nothing changes but what is forgotten.
    return earlier && end - slot - earlier.at > this.#longest ? earlier.at + this.#longest : end - slot;
  }

  #sumFrom(index: number): Omit<Tally, 'at'> {
    const wanted = this.#slots.length - index;
    for (let count = this.#sums.length; count <= wanted; count += 1) {
      const { all, bad, badToClear } = this.#of(this.#slots[this.#slots.length - count] as T);
      const later = this.#sums[count - 1] as Omit<Tally, 'at'>;
      this.#sums.push({ all: later.all + all, bad: later.bad + bad, badToClear: later.badToClear + badToClear });
    }
    return this.#sums[wanted] as Omit<Tally, 'at'>;
  }

  /** Index of the first slot at or after `time`. */
  #indexOf(time: number): number {
    return Math.max(this.#first, indexFrom(this.#slots, time));
  }
}

/** So few at least say whether trouble goes on. */
const fewest = 5;
