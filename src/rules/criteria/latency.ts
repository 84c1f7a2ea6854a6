import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { formatRatio } from '../../core/ratio.ts';
import { duration, durationOrZero, ratio } from '../../core/scalars.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Tier } from '../../model/tier.ts';
import { formatInstant } from '../instant.ts';
import { baselineAt, type LatencyBaseline } from '../latency-baseline.ts';
import { indexFrom } from '../samples/eyesight.ts';
import { ShareSeries, type ShareState } from '../samples/shares.ts';
import { measuredByPrometheus } from '../sources/prometheus.ts';
import { completeUntil, pooledSlot, type Source, slotsOf } from '../sources/requests.ts';
import { p95Of, type RouteTally, slowCounter } from '../sources/slow-routes.ts';
import { criterion, type JudgeInput } from './criterion.ts';
import { type RequestsVerdict, requestsVerdict, type Stand } from './requests-verdict.ts';
import { howLongOf, isSilent, newestIsWell, shownWindow } from './share-stand.ts';

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
    settings: settings(defaults),
    about,
    mends: 'code',
    judge(input, rules) {
      const slow = { rules, count: counterOf(rules, input.baseline) };
      const prometheus = measuredByPrometheus(input.samples, 'latency', {
        above: rules.prometheus,
        rule: howLongOf(input.requests),
        from: input.from,
      });
      const stands = [standOf('real', input, slow), standOf('own', input, slow)] as const;
      const { by, ...said } = afterQuickFixes(requestsVerdict(...stands, prometheus, input), rules, input);
      return {
        value: by.value,
        threshold: rules.above,
        unit: 'times',
        samples: by.samples,
        windowMs: by.windowMs,
        tenants: [],
        ...(by.since !== undefined && { since: by.since }),
        ...(input.baseline.size === 0 && !prometheus.trouble ? noBaseline : said),
      };
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

interface Slow {
  readonly rules: Settings;
  readonly count: (slot: RequestSlot) => readonly RouteTally[];
}

interface Route {
  readonly route: string;
  readonly series: ShareSeries;
  readonly state: ShareState;
}

function standOf(source: Source, input: JudgeInput, slow: Slow): Stand {
  const { samples, requests, from, now } = input;
  const to = completeUntil(source, samples, now);
  const longest = 4 * (requests.windows.at(-1)?.over ?? 0);
  const slots = slotsOf(source, samples);
  const lately = slots.slice(indexFrom(slots, Math.max(from, to - longest)));
  const tallies = lately.flatMap(slow.count);
  const all = new ShareSeries(summed(tallies), requests, { above: tail, clear: tail });
  const routes = routesOf(tallies, requests, to);
  const firing = routes.filter(({ state }) => state.state === 'firing');
  const [first] = firing;
  const window = shownWindow(first?.series ?? all, first?.state ?? { state: 'quiet' }, requests, to);
  const asked = pooledSlot(source, samples, to - window.over, to);
  const share = shareOf(firing, asked);
  const worst = worstOf(firing.length > 0 ? firing.map(({ route }) => route) : undefined, asked, input.baseline, to);
  const isWide = share >= slow.rules.share;
  return {
    source,
    state: firing.length > 0 ? 'firing' : all.resolvedAt(to) ? 'resolved' : 'quiet',
    since: earliest(firing),
    recovering: firing.every(({ series }) => newestIsWell(series, to, tail)),
    silent: isSilent(all, requests, to),
    rising: firing.length === 0 && window.bad > tail * window.all && window.bad > 1,
    value: worst?.times ?? 0,
    samples: window.all,
    windowMs: window.over,
    said: worst ? describe(worst, slow.rules) : 'no route with a baseline was asked often enough',
    tenants: [],
    exempt: isWide ? undefined : { because: 'one-route', said: narrow(slow.rules) },
  };
}

/** Only routes with a slow answer are worth a look of their own. */
function routesOf(tallies: readonly RouteTally[], requests: JudgeInput['requests'], to: number): Route[] {
  const byRoute = Map.groupBy(tallies, ({ route }) => route);
  return [...byRoute]
    .filter(([, each]) => each.some(({ bad }) => bad > 0))
    .map(([route, each]) => {
      const series = new ShareSeries(each, requests, { above: tail, clear: tail });
      return { route, series, state: series.stateAt(to) };
    });
}

function summed(tallies: readonly RouteTally[]) {
  const bySlot = new Map<number, { at: number; all: number; bad: number; badToClear: number }>();
  for (const { at, all, bad, badToClear } of tallies) {
    const sum = bySlot.get(at) ?? { at, all: 0, bad: 0, badToClear: 0 };
    bySlot.set(at, { at, all: sum.all + all, bad: sum.bad + bad, badToClear: sum.badToClear + badToClear });
  }
  return [...bySlot.values()];
}

/** Of all requests, with a baseline or without. */
function shareOf(firing: readonly Route[], asked: RequestSlot | undefined): number {
  if (!asked || asked.requests === 0) return 1;
  const names = new Set(firing.map(({ route }) => route));
  const slow = asked.routes.filter(({ route }) => names.has(route)).reduce((sum, { requests }) => sum + requests, 0);
  return slow / asked.requests;
}

const earliest = (firing: readonly Route[]): number | undefined => {
  const times = firing.flatMap(({ state }) => (state.state === 'firing' ? [state.since] : []));
  return times.length === 0 ? undefined : Math.min(...times);
};

interface Worst {
  readonly route: string;
  readonly p95: number;
  readonly usual: number;
  readonly source: string;
  readonly times: number;
}

function worstOf(
  names: readonly string[] | undefined,
  asked: RequestSlot | undefined,
  baseline: LatencyBaseline,
  at: number,
): Worst | undefined {
  const found = (asked?.routes ?? []).flatMap((each): Worst[] => {
    const known = baseline.get(each.route);
    const p95 = p95Of(each);
    if (!known || p95 === undefined || (names && !names.includes(each.route))) return [];
    const usual = baselineAt(known, at);
    return [{ route: each.route, p95, usual, source: known.source, times: p95 / Math.max(usual, 1) }];
  });
  return found.sort((a, b) => b.times - a.times)[0];
}

function describe({ route, p95, usual, source, times }: Worst, { above, floor }: Settings): string {
  const against = `baseline ${formatDuration(Math.round(usual))}, ${source}`;
  const slower = p95 <= floor ? 'fast enough' : `${times.toFixed(1)} times, threshold ${above}`;
  return `p95 of ${route} is ${formatDuration(Math.round(p95))} (${against}: ${slower})`;
}

const narrow = ({ share }: Settings): string =>
  `the slow routes have less than ${formatRatio(share)} of the requests: look at their queries and indexes first`;
