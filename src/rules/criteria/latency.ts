import { formatDuration } from '../../core/duration.ts';
import { quantile } from '../../core/latency-buckets.ts';
import { formatRatio } from '../../core/ratio.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { LatencyBaseline } from '../latency-baseline.ts';
import type { RulesConfig } from '../schema.ts';
import { type ProvenSlot, provenSlots, recentOf } from '../windows/proven-slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { reasonForSilence } from './requests-doubt.ts';

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

/**
 * p95 of the routes against what it was on the legacy system. The value is how many times slower the slowest routes are
 * that together have the configured share of the requests: one slow route among many is no slow application.
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
  const slownessIn = (counts: RequestSlot, source: ProvenSlot['source']) =>
    slowness(counts, { baseline, floor, least: leastAnswers[source] });
  const slownessOf = remembering(({ counts, source }: ProvenSlot) => counts && slownessIn(counts, source), byMoment);
  const measured = (value: (slow: readonly Slowness[]) => number | undefined) =>
    streakOf(
      map(provenSlots(windows, rules.requests, now, from), (each) => {
        const slow = slownessOf(each);
        return { at: each.at, value: slow && value(slow) };
      }),
      { above, clear, slots },
    );
  const recent = recentOf(provenSlots(windows, rules.requests, now, from), slots);
  const slow = recent ? slownessIn(recent.counts, recent.source) : [];
  const streak = measured((each) => shared(each, share));
  const doubt = reasonForDoubt({ baseline, windows, rules, now, last: streak.last, silent: !recent });
  return {
    criterion: name,
    tier: name === 'latency-severe' ? 'severe' : 'moderate',
    value: shared(slow, share) ?? 0,
    threshold: above,
    unit: 'times',
    samples: slow.reduce((sum, { requests }) => sum + requests, 0),
    windowMs: slots * slot,
    tenants: [],
    ...(streak.since !== undefined && { since: streak.since }),
    ...(doubt
      ? { verdict: 'inconclusive', reason: doubt }
      : finding({ streak, worst: measured((each) => each[0]?.times), slow, rules, name })),
  };
}

interface Situation {
  readonly streak: Streak;
  /** The same for the slowest route, whatever its share. */
  readonly worst: Streak;
  readonly slow: readonly Slowness[];
  readonly rules: RulesConfig;
  readonly name: Name;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'exemptBecause'>;

function finding({ streak, worst, slow, rules, name }: Situation): Finding {
  const { share, above } = rules[name];
  const said = describe(slow, above);
  if (streak.state === 'breach') {
    return { verdict: 'breach', reason: `${said} since ${formatInstant(streak.since ?? 0)}` };
  }
  if (streak.above > 0) {
    return { verdict: 'pending', reason: `${said}; ${streak.above} of ${rules.requests.slots} slots in a row` };
  }
  if (worst.state === 'clear') return { verdict: 'clear', reason: said };
  const reason = `${said}; the slow routes have less than ${formatRatio(share)} of the requests: look at their queries and indexes first`;
  return { verdict: 'exempt', exemptBecause: 'one-route', reason };
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

/** How slow at least the slowest routes are that together have this share of the requests. */
function shared(slow: readonly Slowness[], share: number): number | undefined {
  const all = slow.reduce((sum, { requests }) => sum + requests, 0);
  let counted = 0;
  for (const { requests, times } of slow) {
    counted += requests;
    if (counted >= all * share) return times;
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

interface Doubt {
  readonly baseline: LatencyBaseline;
  readonly windows: Windows;
  readonly rules: RulesConfig;
  readonly now: number;
  readonly last: number | undefined;
  /** No slot proves anything at all. */
  readonly silent: boolean;
}

function reasonForDoubt({ baseline, windows, rules, now, last, silent }: Doubt): string | undefined {
  if (baseline.size === 0) {
    return 'nobody knows how fast the legacy system was: give baseline.latency, or capture it before the cut-over';
  }
  if (last === undefined && !silent) return noRoute;
  return reasonForSilence(windows, rules.requests, last, now);
}

function* map<A, B>(items: Iterable<A>, change: (item: A) => B): Generator<B> {
  for (const item of items) yield change(item);
}

const byMoment = ({ at }: ProvenSlot): number => at;

function remembering<K, V>(compute: (item: K) => V, keyOf: (item: K) => number): (item: K) => V | undefined {
  const known = new Map<number, V>();
  return (item) => {
    const key = keyOf(item);
    if (!known.has(key)) known.set(key, compute(item));
    return known.get(key);
  };
}
