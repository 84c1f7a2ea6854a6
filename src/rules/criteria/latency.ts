import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { formatRatio } from '../../core/ratio.ts';
import { duration, durationOrZero, ratio } from '../../core/scalars.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Tier } from '../../model/tier.ts';
import { formatInstant } from '../instant.ts';
import { baselineAt, type LatencyBaseline, sourceAt } from '../latency-baseline.ts';
import { indexFrom } from '../samples/eyesight.ts';
import { type Firing, type Pooled, type Pooling, ShareSeries } from '../samples/shares.ts';
import { countedSlot } from '../sources/counted-slot.ts';
import { measuredByPrometheus } from '../sources/prometheus.ts';
import { completeUntil, type Source, slotsOf } from '../sources/requests.ts';
import { p95Of, type RouteTally, type SlotTally, slowCounter } from '../sources/slow-routes.ts';
import { criterion, type JudgeInput } from './criterion.ts';
import {
  besideSevere,
  findingOf,
  type RequestsVerdict,
  requestsVerdict,
  type Stand,
  wellByPrometheus,
} from './requests-verdict.ts';
import {
  howLongOf,
  isLikelyWell,
  isRecovering,
  isSeenWell,
  isSilent,
  shownWindow,
  troubleUntil,
} from './share-stand.ts';

const settings = (defaults: { above: number; clear: number; floor: string; prometheus: string }) =>
  z.strictObject({
    above: z
      .number()
      .gt(1)
      .default(defaults.above)
      .describe('How many times slower than its baseline the p95 of a route is where it is too slow.'),
    clear: z.number().gt(1).default(defaults.clear).describe('Below how many times it is resolved. Less than `above`.'),
    floor: duration
      .prefault(defaults.floor)
      .describe('Answers up to this are fast enough, however slow they are against the baseline.'),
    share: ratio
      .prefault('25%')
      .describe("Routes that are too slow have at least this share of all requests; else it is one route's trouble."),
    asksAfter: durationOrZero
      .prefault('30m')
      .describe(
        'So long after slowness began people have time for quick fixes (indexes, connection pool, slow queries): they are told at once, and asked about a rollback only then.',
      ),
    prometheus: duration
      .prefault(defaults.prometheus)
      .describe('What Prometheus measures of the whole application is too slow above this.'),
  });
type Settings = z.infer<ReturnType<typeof settings>>;

const latency = <const N extends string>(
  name: N,
  tier: Tier,
  about: string,
  defaults: Parameters<typeof settings>[0],
) => {
  const counters = new WeakMap<Settings, WeakMap<LatencyBaseline, ReturnType<typeof slowCounter>>>();
  const counterOf = (rules: Settings, baseline: LatencyBaseline) => {
    const ofRules = counters.get(rules) ?? new WeakMap();
    counters.set(rules, ofRules);
    const counter = ofRules.get(baseline) ?? slowCounter(baseline, rules);
    ofRules.set(baseline, counter);
    return counter;
  };
  return criterion({
    name,
    tier,
    measure: 'latency',
    settings: settings(defaults),
    about,
    mends: 'code',
    judge(input, rules) {
      const slow = { rules, count: counterOf(rules, input.baseline) };
      const prometheus = measuredByPrometheus(input.samples, {
        measure: 'latency',
        above: rules.prometheus,
        rule: howLongOf(input.requests),
        from: input.from,
        now: input.now,
      });
      const stands = [standOf('real', input, slow), standOf('own', input, slow)] as const;
      const found = afterQuickFixes(requestsVerdict(...stands, prometheus, input), rules, input);
      if (input.baseline.size === 0 && !prometheus.trouble)
        return findingOf({ by: found.by, ...(wellByPrometheus(prometheus, input) ?? noBaseline) });
      return findingOf(besideSevere('latency-severe', found, input));
    },
  });
};

export const latencySevere = latency(
  'latency-severe',
  'severe',
  'Severe: answers take much longer than those of the legacy system (runbook: more than 5 times).',
  { above: 5, clear: 4, floor: '500ms', prometheus: '2s' },
);
export const latencyModerate = latency(
  'latency-moderate',
  'moderate',
  'Moderate: answers take longer than those of the legacy system (runbook: 2 to 5 times). `above` is less than in `latency-severe`.',
  { above: 2, clear: 1.6, floor: '250ms', prometheus: '1s' },
);

const noBaseline = {
  verdict: 'inconclusive',
  reason: 'nobody knows how fast the legacy system was: give baseline.latency, or capture it before the cut-over',
} as const;

/** The runbook tries quick fixes first. Errors that join have criteria of their own, which do not wait. */
function afterQuickFixes(verdict: RequestsVerdict, { asksAfter }: Settings, { now }: JudgeInput): RequestsVerdict {
  const { since = now } = verdict.by;
  if (verdict.verdict !== 'breach' || now - since >= asksAfter) return verdict;
  const advice = `quick fixes first (indexes, connection pool, slow queries): asked about a rollback at ${formatInstant(since + asksAfter)}`;
  return { ...verdict, verdict: 'pending', told: true, reason: `${verdict.reason}; ${advice}` };
}

/** p95 is above a limit where more than a twentieth of all answers is. */
const tail = 0.05;
const thresholds = { above: tail, clear: tail };

interface Slow {
  readonly rules: Settings;
  readonly count: ReturnType<typeof slowCounter>;
}

interface Route {
  readonly route: string;
  readonly series: Pooling;
  readonly state: Firing;
  /** So many answers since the last slow one. */
  readonly fastSince: number;
}

function standOf(source: Source, input: JudgeInput, slow: Slow): Stand {
  const { samples, requests, from, now } = input;
  const to = completeUntil(source, samples, now);
  const slots = slotsOf(source, samples);
  const since = Math.max(from, to - longestOf(requests));
  const all = new ShareSeries({ slots, of: (slot) => slow.count(slot).total, from: since }, requests, thresholds);
  const isWell = all.pooled(since, to).bad < fewestOf(requests);
  const firing = isWell ? [] : firingRoutes(slots.slice(indexFrom(slots, since)).map(slow.count), requests, to);
  const [first] = firing;
  const window = shownWindow(first?.series ?? all, first?.state ?? { state: 'quiet' }, requests, to);
  const until = first ? troubleUntil(first.series, first.state, to) : to;
  const stretch = { slots, from: Math.max(since, until - window.over), to: until };
  const { isNarrow, worst } = first ? troubleOf(firing, stretch, input, slow.rules) : noTrouble;
  const newest = all.newest(to);
  const isLikelyOver = firing.every(({ fastSince }) => isLikelyWell(fastSince, tail));
  // A route that is seldom asked is seldom seen to be well: the newest answers of all routes say so, too.
  const isWellNow = !isNarrow && newest.badToClear <= tail * newest.all;
  return {
    source,
    since: first && Math.min(...firing.map(({ state }) => state.since)),
    recovering:
      isWellNow || firing.every(({ series, state: fired }) => isRecovering(series, fired, requests, to, tail)),
    silent: isSilent(all, requests, to, source),
    seenWell: isSeenWell(all, input, to),
    rising: !first && window.bad > tail * window.all && window.bad > 1,
    value: worst?.times ?? 0,
    threshold: slow.rules.above,
    unit: 'times',
    samples: window.all,
    windowMs: window.over,
    said: worst ? describe(worst, slow.rules) : counts(window, slow.rules),
    tenants: [],
    exempt: isNarrow ? { because: 'one-route', said: narrow(slow.rules), isLikelyOver } : undefined,
  };
}

const fewestOf = ({ windows }: JudgeInput['requests']): number => Math.min(...windows.map(({ failures }) => failures));

/** A longer look back changes nothing: by then all is resolved. */
const longestOf = ({ windows }: JudgeInput['requests']): number => 4 * Math.max(...windows.map(({ over }) => over));

/** Only routes with enough slow answers are worth a look of their own. */
function firingRoutes(counted: readonly SlotTally[], requests: JudgeInput['requests'], to: number): Route[] {
  const bad = new Map<string, number>();
  for (const { total, routes } of counted) {
    if (total.bad > 0) for (const each of routes) bad.set(each.route, (bad.get(each.route) ?? 0) + each.bad);
  }
  const least = fewestOf(requests);
  const slow = new Map([...bad].flatMap(([route, count]) => (count < least ? [] : [[route, [] as RouteTally[]]])));
  if (slow.size > 0) for (const { routes } of counted) for (const each of routes) slow.get(each.route)?.push(each);
  return [...slow].flatMap(([route, slots]): Route[] => {
    const series = new ShareSeries({ slots, of: (tally) => tally, from: 0 }, requests, thresholds);
    const state = series.stateAt(to);
    return state.state === 'firing' ? [{ route, series, state, fastSince: fastSince(slots) }] : [];
  });
}

function fastSince(slots: readonly RouteTally[]): number {
  const last = slots.findLastIndex(({ badToClear }) => badToClear > 0);
  return slots.slice(last + 1).reduce((sum, { all }) => sum + all, 0);
}

interface Trouble {
  /** The slow routes have few of all requests, with a baseline or without. */
  readonly isNarrow: boolean;
  readonly worst: Worst | undefined;
}

const noTrouble: Trouble = { isNarrow: false, worst: undefined };

interface Stretch {
  readonly slots: readonly RequestSlot[];
  readonly from: number;
  readonly to: number;
}

function troubleOf(
  firing: readonly Route[],
  { slots, from, to }: Stretch,
  { baseline, now }: JudgeInput,
  { share }: Settings,
): Trouble {
  const routes = new Set(firing.map(({ route }) => route));
  const asked = countedSlot(slots, { routes, tenants: new Set() }, from, to);
  const theirs = asked.routes.reduce((sum, { requests }) => sum + requests, 0);
  const slow = [...p95Of(slots, routes, from, to)];
  const [worst] = slow.flatMap((each) => worstOf(each, baseline, now)).sort((a, b) => b.times - a.times);
  return { isNarrow: theirs < share * asked.requests, worst };
}

interface Worst {
  readonly route: string;
  readonly p95: number;
  readonly usual: number;
  readonly source: string;
  readonly times: number;
}

function worstOf([route, p95]: readonly [string, number], baseline: LatencyBaseline, at: number): Worst[] {
  const known = baseline.get(route);
  if (!known) return [];
  const usual = baselineAt(known, at);
  return [{ route, p95, usual, source: sourceAt(known, at), times: p95 / Math.max(usual, 1) }];
}

const counts = ({ all, bad, over }: Pooled, { above }: Settings): string =>
  `${bad} of ${all} answers in ${formatDuration(over)} took more than ${above} times as long as before the migration (threshold ${formatRatio(tail)})`;

function describe({ route, p95, usual, source, times }: Worst, { above }: Settings): string {
  const against = `baseline ${formatDuration(Math.round(usual))}, ${source}`;
  return `p95 of ${route} is ${formatDuration(Math.round(p95))} (${against}: ${times.toFixed(1)} times, threshold ${above})`;
}

const narrow = ({ share }: Settings): string =>
  `the slow routes have less than ${formatRatio(share)} of the requests: look at their queries and indexes first`;
