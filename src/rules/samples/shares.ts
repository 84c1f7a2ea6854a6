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

/** Trouble in it is no accident where all of it is above the threshold at these odds, and trouble throughout where its parts are. */
export interface ShareWindow {
  readonly over: number;
  readonly odds: number;
  /** With fewer bad ones it never fires. */
  readonly failures: number;
  /** So many of its six parts are above. */
  readonly parts: number;
  /** The better half of its parts, taken together, is above at these odds. */
  readonly halfOdds: number;
}

export interface ShareRule {
  readonly slot: number;
  /** Each is asked alone. */
  readonly windows: readonly ShareWindow[];
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
  { readonly state: 'quiet' | 'resolved' } | Firing;

/** It has fired and was not resolved since. `by`: the window that fired last, as it was then. */
export interface Firing {
  readonly state: 'firing';
  readonly since: number;
  readonly at: number;
  readonly by: Pooled;
}

/** Where trouble began is a matter of even odds and not of proof. */
const evenOdds = 3;

/** A window is looked at in so many parts of the same length: trouble is in each of them, a burst in few. */
const parts = 6;

/** What whoever speaks of a measure needs of it. */
export interface Pooling {
  pooled(from: number, to: number): Pooled;
  newest(to: number): Pooled;
  isWellAt(end: number): boolean;
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
  /** Plain numbers, since a round adds up thousands of stretches: the slots' times, the newest first ... */
  readonly #times: number[] = [];
  /** ... and the sums of so many of the newest. */
  readonly #all: number[] = [0];
  readonly #bad: number[] = [0];
  readonly #badToClear: number[] = [0];
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
    const since = this.#countFrom(from);
    const later = this.#countFrom(to);
    return {
      over: to - from,
      all: between(this.#all, since, later),
      bad: between(this.#bad, since, later),
      badToClear: between(this.#badToClear, since, later),
    };
  }

  /**
   * The newest requests before `to`: of half a part of the shortest window, further back until there are a few. By them
   * trouble goes on or is over now.
   */
  newest(to: number): Pooled {
    const least = (this.#rule.windows[0] as ShareWindow).over / parts;
    let from = to - least;
    let index = this.#indexOf(from);
    while (index > this.#first && this.pooled(from, to).all < fewest) {
      index -= 1;
      from = (this.#slots[index] as T).at;
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

  /** The first window that is above the threshold as a whole, by more than chance, and throughout. */
  firingAt(end: number): Pooled | undefined {
    const window = this.#rule.windows.find((each) => this.#isFiring(end, each));
    return window && this.pooled(end - window.over, end);
  }

  /** Every window that is. */
  allFiringAt(end: number): Pooled[] {
    return this.#rule.windows
      .filter((each) => this.#isFiring(end, each))
      .map(({ over }) => this.pooled(end - over, end));
  }

  #isFiring(end: number, window: ShareWindow): boolean {
    const { bad, all } = this.pooled(end - window.over, end);
    if (bad < window.failures || !provesAbove(bad, all, this.#thresholds.above, window.odds)) return false;
    return this.#isThroughout(end, window);
  }

  resolvedAt(end: number): boolean {
    return this.#isBelow(end, this.#thresholds.clear, ({ badToClear }) => badToClear);
  }

  /** Whether it is not above the threshold, by more than chance: in between it neither fires nor is resolved. */
  isWellAt(end: number): boolean {
    return this.#isBelow(end, this.#thresholds.above, ({ bad }) => bad);
  }

  /** Some window, or one four times as long as the longest, is below it by more than chance, and every shorter one as it seems. */
  #isBelow(end: number, share: number, badOf: (pooled: Pooled) => number): boolean {
    const { windows, clearOdds } = this.#rule;
    for (const over of [...windows.map((window) => window.over), this.#longest]) {
      const pooled = this.pooled(end - over, end);
      const bad = badOf(pooled);
      if (bad > share * pooled.all) return false;
      if (provesBelow(bad, pooled.all, share, clearOdds)) return true;
    }
    return false;
  }

  /** The newest part must have requests; others without any say nothing. */
  #isThroughout(end: number, { over, parts: wanted, halfOdds }: ShareWindow): boolean {
    const { above } = this.#thresholds;
    const part = over / parts;
    const all = Array.from({ length: parts }, (_, number) =>
      this.pooled(end - (number + 1) * part, end - number * part),
    );
    if ((all[0] as Pooled).all === 0) return false;
    const seen = all.filter((each) => each.all > 0);
    const allowed = parts - wanted;
    if (2 * seen.length < parts || seen.filter(({ all: some, bad }) => bad <= above * some).length > allowed)
      return false;
    const better = seen.toSorted((a, b) => a.bad / a.all - b.bad / b.all).slice(0, Math.ceil(seen.length / 2));
    const sum = (of: (each: Pooled) => number) => better.reduce((known, each) => known + of(each), 0);
    return provesAbove(
      sum(({ bad }) => bad),
      sum((each) => each.all),
      above,
      halfOdds,
    );
  }

  /** The first bad one of the trouble: back from the window that fired as long as what was before it is above, too. */
  #beginOf(end: number, { over }: Pooled): number {
    let begin = end - over;
    while (this.#isAbove(begin - over, begin)) begin -= over;
    while (this.#isAbove(begin - over / parts, begin)) begin -= over / parts;
    while (begin < end - over / parts && !this.#isAbove(begin, begin + over / parts)) begin += over / parts;
    const slots = this.#slots.slice(this.#indexOf(begin), this.#indexOf(end));
    const first = slots.find((slot) => this.#of(slot).bad > 0);
    return first ? first.at + this.#rule.slot : begin;
  }

  #isAbove(from: number, to: number): boolean {
    const { all, bad } = this.pooled(from, to);
    return provesAbove(bad, all, this.#thresholds.above, evenOdds);
  }

  get #longest(): number {
    return 4 * (this.#rule.windows.at(-1) as ShareWindow).over;
  }

  /** The end before it at which something may have been otherwise. */
  #before(end: number): number {
    const { slot } = this.#rule;
    const earlier = this.#slots[this.#indexOf(end - slot) - 1]?.at ?? end;
    // Through a long silence nothing changes but what is forgotten.
    return Math.min(end - slot, earlier + this.#longest);
  }

  /** Index of the first slot at or after `time`. */
  #indexOf(time: number): number {
    return this.#slots.length - this.#countFrom(time);
  }

  /** How many slots there are at or after `time`. */
  #countFrom(time: number): number {
    this.#addUpTo(time);
    const newest = this.#times[0] ?? Number.NEGATIVE_INFINITY;
    if (newest < time) return 0;
    // Where none is missing it is told by the time itself.
    const { length } = this.#times;
    const dense = Math.min(Math.floor((newest - time) / this.#rule.slot) + 1, length);
    const isSo =
      (this.#times[dense - 1] as number) >= time && (dense === length || (this.#times[dense] as number) < time);
    return isSo ? dense : this.#search(time);
  }

  /** As `indexFrom`, over plain numbers: over slots of many shapes a round takes half as long again. */
  #search(time: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) < time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #addUpTo(time: number): void {
    for (let count = this.#times.length; (this.#times[count - 1] ?? time) >= time; count += 1) {
      const index = this.#slots.length - 1 - count;
      const slot = this.#slots[index];
      if (index < this.#first || !slot) return;
      const { all, bad, badToClear } = this.#of(slot);
      this.#times.push(slot.at);
      this.#all.push((this.#all[count] as number) + all);
      this.#bad.push((this.#bad[count] as number) + bad);
      this.#badToClear.push((this.#badToClear[count] as number) + badToClear);
    }
  }
}

const between = (sums: readonly number[], since: number, later: number): number =>
  (sums[since] as number) - (sums[later] as number);

/** So few at least say whether trouble goes on. */
const fewest = 5;
