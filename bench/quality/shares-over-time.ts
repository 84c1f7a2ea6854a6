import { isRecovering, isSilent, shownWindow } from '../../src/rules/criteria/share-stand.ts';
import { indexFrom } from '../../src/rules/samples/eyesight.ts';
import { ShareSeries, type ShareState, type ShareThresholds, type Tally } from '../../src/rules/samples/shares.ts';
import type { RequestSettings } from '../../src/rules/sources/request-settings.ts';
import type { Judge, Says } from './says.ts';
import { between, runningSum } from './sums.ts';
import { type Counts, perMinute, slotMs } from './traffic.ts';

/** So much of the past is remembered. */
const memory = 6 * 3_600_000;

/** Whether the trouble between two slots is one tenant's alone. */
export type IsLone = (from: number, to: number) => boolean;

/**
 * What the rule says at the end of one slot after the other. The daemon looks back at everything remembered each time; here
 * the last state is carried on, and looked back for only where that may say something else.
 */
export class SharesOverTime implements Judge {
  readonly series: ShareSeries<Tally>;
  readonly #settings: RequestSettings;
  readonly #thresholds: ShareThresholds;
  readonly #isLone: IsLone;
  readonly #tallies: readonly Tally[];
  readonly #sums: { readonly all: Float64Array; readonly bad: Float64Array };
  #state: ShareState = { state: 'quiet' };
  #settled = Number.NEGATIVE_INFINITY;
  #fired = Number.NEGATIVE_INFINITY;

  constructor(counts: Counts, settings: RequestSettings, thresholds: ShareThresholds, isLone: IsLone = () => false) {
    this.#settings = settings;
    this.#thresholds = thresholds;
    this.#isLone = isLone;
    this.#tallies = talliesOf(counts);
    this.series = new ShareSeries({ slots: this.#tallies, of: (tally) => tally, from: 0 }, settings, thresholds);
    this.#sums = { all: runningSum(counts.all), bad: runningSum(counts.bad) };
  }

  saysAt(end: number): Says {
    const to = end * slotMs;
    const state = this.stateAt(end);
    if (state.state !== 'firing') return 'nothing';
    if (isSilent(this.series, this.#settings, to, 'real') || this.isRecoveringAt(end)) return 'told';
    const { over } = shownWindow(this.series, state, this.#settings, to);
    return this.#isLone(Math.max(0, end - over / slotMs), end) ? 'told' : 'breach';
  }

  isRecoveringAt(end: number): boolean {
    const state = this.stateAt(end);
    if (state.state !== 'firing') return true;
    return isRecovering(this.series, state, this.#settings, end * slotMs, this.#thresholds.clear);
  }

  stateAt(end: number): ShareState {
    const to = end * slotMs;
    const by = this.#mayFire(end) ? this.series.firingAt(to) : undefined;
    if (by) this.#settle({ state: 'firing', since: to - by.over, at: to, by }, to);
    else if ((this.#state.state === 'firing' || end % perMinute === 0) && this.series.resolvedAt(to))
      this.#settle({ state: 'resolved' }, to);
    return this.#isRemembered(to) ? this.#state : this.#lookBack(to);
  }

  #settle(state: ShareState, at: number): void {
    this.#state = state;
    this.#settled = at;
    if (state.state === 'firing') this.#fired = at;
  }

  /** A window can fire only where it has enough bad ones, and more than the threshold. */
  #mayFire(end: number): boolean {
    for (const { over, failures } of this.#settings.windows) {
      const from = Math.max(0, end - over / slotMs);
      const bad = between(this.#sums.bad, from, end);
      if (bad >= failures && bad > this.#thresholds.above * between(this.#sums.all, from, end)) return true;
    }
    return false;
  }

  /** What was settled lately is what a look back would find, and what has never fired it would not find. */
  #isRemembered(to: number): boolean {
    const longest = this.#settings.windows.at(-1)?.over ?? 0;
    if (to <= memory || to - this.#settled < memory - 4 * longest) return true;
    return to - this.#fired > memory && !this.#mayFireAtEdge((to - memory) / slotMs, longest / slotMs);
  }

  /** A window that reaches beyond the oldest that is remembered holds less than it did when it was new. */
  #mayFireAtEdge(first: number, longest: number): boolean {
    const { all, bad } = this.#sums;
    const failures = Math.min(...this.#settings.windows.map((window) => window.failures));
    if (between(bad, first, first + longest) < failures) return false;
    for (let end = first + 1; end < first + longest; end += 1) {
      const failed = between(bad, first, end);
      if (failed >= failures && failed > this.#thresholds.above * between(all, first, end)) return true;
    }
    return false;
  }

  #lookBack(to: number): ShareState {
    const known = this.#tallies.slice(indexFrom(this.#tallies, to - memory), indexFrom(this.#tallies, to));
    return new ShareSeries({ slots: known, of: (tally) => tally, from: 0 }, this.#settings, this.#thresholds).stateAt(
      to,
    );
  }
}

function talliesOf({ all, bad, badToClear }: Counts): Tally[] {
  const tallies: Tally[] = [];
  for (let slot = 0; slot < all.length; slot += 1) {
    const requests = all[slot] ?? 0;
    if (requests > 0)
      tallies.push({ at: slot * slotMs, all: requests, bad: bad[slot] ?? 0, badToClear: badToClear[slot] ?? 0 });
  }
  return tallies;
}
