import { isSilent } from '../../src/rules/criteria/share-stand.ts';
import { ShareSeries, type Tally } from '../../src/rules/samples/shares.ts';
import { rules } from './error-rates.ts';
import type { Random } from './random.ts';
import type { Judge, Says } from './says.ts';
import { SharesOverTime } from './shares-over-time.ts';
import { between, runningSum } from './sums.ts';
import { arrivals, type Counts, perMinute, slotMs } from './traffic.ts';

export const latencies = ['latency-moderate', 'latency-severe'] as const;
export type Latency = (typeof latencies)[number];

/** p95 is above a limit where more than a twentieth of all answers is. */
const tail = 0.05;
const normalTail = 1.645;
/** Answers of one route differ so much, as the deviation of their logarithm. */
const spread = 0.7;
const routeShares = [0.4, 0.25, 0.2, 0.1, 0.05];

/** `times`: how many times slower than its baseline p95 is at a slot, for every route. */
export function slowAnswers(
  criterion: Latency,
  mean: number,
  slots: number,
  times: (slot: number) => number,
  random: Random,
): Counts[] {
  const { above, clear } = rules[criterion];
  return routeShares.map((share) =>
    arrivals(
      slots,
      (slot) => {
        const now = times(slot);
        return {
          requests: (share * mean) / perMinute,
          bad: sharePast(above / now),
          badToClear: sharePast(clear / now),
        };
      },
      random,
    ),
  );
}

/** The share of answers that take longer than so many times p95. */
export const sharePast = (limit: number): number => normalAbove(normalTail + Math.log(limit) / spread);

/** Abramowitz and Stegun, 26.2.17. */
function normalAbove(deviations: number): number {
  const away = Math.abs(deviations);
  const t = 1 / (1 + 0.2316419 * away);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (polynomial * Math.exp((-away * away) / 2)) / Math.sqrt(2 * Math.PI);
  return deviations >= 0 ? above : 1 - above;
}

/** As the criterion judges: each route alone, and wide trouble only where the slow ones have a part of all requests. */
export class LatencyOverTime implements Judge {
  readonly #routes: readonly SharesOverTime[];
  readonly #sums: readonly Float64Array[];
  readonly #all: ShareSeries<Tally>;
  readonly #criterion: Latency;

  constructor(criterion: Latency, routes: readonly Counts[]) {
    const thresholds = { above: tail, clear: tail };
    this.#criterion = criterion;
    this.#routes = routes.map((counts) => new SharesOverTime(counts, rules.requests, thresholds));
    this.#sums = routes.map(({ all }) => runningSum(all));
    this.#all = new ShareSeries({ slots: pooled(routes), of: (tally) => tally, from: 0 }, rules.requests, thresholds);
  }

  /** People are asked when there was time for quick fixes. */
  saysAt(end: number): Says {
    const says = this.tellsAt(end);
    if (says !== 'breach') return says;
    const to = end * slotMs;
    const begun = this.#routes.flatMap(({ series }) => {
      const state = series.stateAt(to);
      return state.state === 'firing' ? [state.since] : [];
    });
    return to - Math.min(...begun) >= rules[this.#criterion].asksAfter ? 'breach' : 'told';
  }

  /** The same, where people are told at once. */
  tellsAt(end: number): Says {
    const to = end * slotMs;
    const states = this.#routes.map((route) => route.stateAt(end));
    const firing = states.flatMap(({ state }, index) => (state === 'firing' ? [index] : []));
    const [first] = firing;
    const state = first === undefined ? undefined : states[first];
    if (state?.state !== 'firing') return 'nothing';
    const well = firing.every((index) => this.#routes[index]?.isRecoveringAt(end));
    if (well || isSilent(this.#all, rules.requests, to, 'real')) return 'told';
    return this.#shareOf(firing, end, state.by.over / slotMs) >= rules[this.#criterion].share ? 'breach' : 'told';
  }

  #shareOf(firing: readonly number[], end: number, slots: number): number {
    const asked = this.#sums.map((sums) => between(sums, Math.max(0, end - slots), end));
    const total = asked.reduce((sum, each) => sum + each, 0);
    return total === 0 ? 1 : firing.reduce((sum, index) => sum + (asked[index] ?? 0), 0) / total;
  }
}

function pooled(routes: readonly Counts[]) {
  const slots = routes[0]?.all.length ?? 0;
  const sum = (key: keyof Counts, slot: number) =>
    routes.reduce((total, counts) => total + (counts[key][slot] ?? 0), 0);
  return Array.from({ length: slots }, (_, slot) => ({
    at: slot * slotMs,
    all: sum('all', slot),
    bad: sum('bad', slot),
    badToClear: sum('badToClear', slot),
  })).filter(({ all }) => all > 0);
}
