import { formatDuration } from '../../core/duration.ts';
import { quantile } from '../../core/latency-buckets.ts';
import { formatRatio } from '../../core/ratio.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { LatencyBaseline } from '../latency-baseline.ts';
import type { RulesConfig } from '../schema.ts';
import {
  type Measure,
  type MeasuredSlot,
  measuredSlots,
  type Recent,
  recentOf,
  type Source,
} from '../windows/measured-slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { notOver, reasonForSilence } from './requests-doubt.ts';

type Name = 'latency-severe' | 'latency-moderate';

/** A route with fewer answers in a slot says nothing about its p95. rollbackd's own requests are but a dozen a slot. */
const leastAnswers = { real: 5, synthetic: 3 } as const;

/** How many times slower than its baseline one route is; 0 where it is fast enough anyway. */
interface Slowness {
  readonly route: string;
  readonly requests: number;
  readonly p95: number;
  readonly baseline: number;
  readonly times: number;
}

/** What a slot says by its slow routes; `all` are its requests, and `enough` those that it takes to prove anything. */
type Reading = (slow: readonly Slowness[], all: number, enough: number) => number | undefined;

/**
 * p95 of the routes against what it was on the legacy system. The value is how many times slower the slowest routes are
 * that together have the configured share of all requests: one slow route among many is no slow application.
 */
export function judgeLatency(
  name: Name,
  windows: Windows,
  rules: RulesConfig,
  now: number,
  { baseline, from = 0 }: { readonly baseline: LatencyBaseline; readonly from?: number },
): Verdict {
  const { above, clear, floor, share } = rules[name];
  const { slots, slot } = rules.requests;
  const slownessOf = remembering((counts: RequestSlot, source: Source) =>
    slowness(counts, { baseline, floor, least: leastAnswers[source] }),
  );
  const followed = (read: Reading): Followed => {
    const of: Measure['of'] = (counts, source, enough) => read(slownessOf(counts, source), counts.requests, enough);
    const measured = () => measuredSlots(windows, rules.requests, { of, above, clear }, now, from);
    const streak = streakOf(measured(), { above, clear, slots });
    const silence = reasonForSilence(windows, rules.requests, measured(), streak.last, now);
    return {
      ...streak,
      silence,
      recent: recentOf(measured(), { ...rules.requests, above }, streak),
      newest: first(measured()),
    };
  };
  const wide = followed((slow, all, enough) => shared(slow, share * Math.max(all, enough)));
  // A few requests say nothing about one route alone.
  const narrow = followed((slow, all, enough) => (all < enough ? undefined : slow[0]?.times));
  const { recent, silence } = wide.state === 'breach' && wide.silence === undefined ? wide : narrow;
  const slow = recent && silence === undefined ? slownessOf(recent.counts, recent.source) : [];
  const value = shared(slow, share * (recent?.counts.requests ?? 0)) ?? 0;
  return {
    criterion: name,
    tier: name === 'latency-severe' ? 'severe' : 'moderate',
    value,
    threshold: above,
    unit: 'times',
    samples: slow.reduce((sum, { requests }) => sum + requests, 0),
    windowMs: slots * slot,
    tenants: [],
    ...(wide.since !== undefined && { since: wide.since }),
    ...(baseline.size === 0
      ? { verdict: 'inconclusive', reason: noBaseline }
      : (doubtOf(wide, narrow, share) ?? finding({ wide, narrow, slow, value, rules, name }))),
  };
}

/** One reading of all slots. */
interface Followed extends Streak {
  readonly silence: string | undefined;
  readonly recent: Recent | undefined;
  readonly newest: MeasuredSlot | undefined;
}

interface Situation {
  /** By the slowest routes that have the share. */
  readonly wide: Followed;
  /** By the slowest route, whatever its share. */
  readonly narrow: Followed;
  readonly slow: readonly Slowness[];
  readonly value: number;
  readonly rules: RulesConfig;
  readonly name: Name;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'exemptBecause' | 'told'>;

const noBaseline =
  'nobody knows how fast the legacy system was: give baseline.latency, or capture it before the cut-over';

function doubtOf(wide: Followed, narrow: Followed, share: number): Finding | undefined {
  if (wide.silence === undefined) return undefined;
  if (narrow.silence !== undefined) {
    const wasAsked = narrow.newest?.counts !== undefined && narrow.newest.doubt === undefined;
    return { verdict: 'inconclusive', reason: wasAsked ? noRoute : narrow.silence };
  }
  if (narrow.state === 'breach' && wide.state === 'clear') return undefined;
  const reason = `routes with a baseline have less than ${formatRatio(share)} of the requests: how fast the others should be nobody knows`;
  return { verdict: 'inconclusive', reason };
}

function finding({ wide, narrow, slow, value, rules, name }: Situation): Finding {
  const { share, above, clear } = rules[name];
  const { slots } = rules.requests;
  const said = describe(slow, above);
  if (wide.state === 'breach' && value > clear)
    return { verdict: 'breach', reason: `${said} since ${formatInstant(wide.since ?? 0)}` };
  if (wide.state !== 'breach' && wide.above > 0)
    return { verdict: 'pending', reason: `${said}; ${wide.above} of ${slots} slots in a row` };
  if (wide.state !== 'clear') return { verdict: 'pending', reason: `${said}; ${notOver(slots)}` };
  if (narrow.state === 'clear') return { verdict: 'clear', reason: said };
  if (narrow.state === 'unseen' || (slow[0]?.times ?? 0) <= clear)
    return { verdict: 'pending', reason: `${said}; ${notOver(slots)}` };
  const reason = `${said}; the slow routes have less than ${formatRatio(share)} of the requests: look at their queries and indexes first`;
  return { verdict: 'exempt', exemptBecause: 'one-route', told: true, reason };
}

interface Against {
  readonly baseline: LatencyBaseline;
  readonly floor: number;
  readonly least: number;
}

/** Slowest first; routes without a baseline, and those with too few answers, are left out. */
function slowness({ routes }: RequestSlot, { baseline, floor, least }: Against): readonly Slowness[] {
  return routes
    .flatMap(({ route, requests, latencies }): Slowness[] => {
      const known = baseline.get(route);
      if (!known || requests < least) return [];
      const p95 = quantile(latencies, 0.95);
      if (p95 === undefined) return [];
      // A baseline of nothing would make everything infinitely slow.
      const times = p95 > floor ? p95 / Math.max(known.p95, 1) : 0;
      return [{ route, requests, p95, baseline: known.p95, times }];
    })
    .sort((a, b) => b.times - a.times || b.p95 / b.baseline - a.p95 / a.baseline);
}

/** How slow at least the slowest routes are that together have so many requests; `undefined` where all have fewer. */
function shared(slow: readonly Slowness[], wanted: number): number | undefined {
  let counted = 0;
  for (const { requests, times } of slow) {
    counted += requests;
    if (counted >= wanted) return times;
  }
  return undefined;
}

function describe(slow: readonly Slowness[], above: number): string {
  const [worst] = slow;
  if (!worst) return noRoute;
  const { route, p95, baseline, times } = worst;
  const against = `baseline ${formatDuration(baseline)}`;
  const slower = times === 0 ? 'fast enough' : `${times.toFixed(1)} times, threshold ${above}`;
  return `p95 of ${route} is ${formatDuration(p95)} (${against}: ${slower})`;
}

const noRoute = 'no route with a baseline was asked often enough';

function first<T>(items: Iterable<T>): T | undefined {
  const [newest] = items;
  return newest;
}

/** The slots are read more than once, and each has its buckets to be added up. */
function remembering<V>(compute: (counts: RequestSlot, source: Source) => V) {
  const known = new Map<RequestSlot, V>();
  return (counts: RequestSlot, source: Source): V => {
    const value = known.get(counts) ?? compute(counts, source);
    known.set(counts, value);
    return value;
  };
}
