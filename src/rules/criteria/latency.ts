import { formatDuration } from '../../core/duration.ts';
import { quantile } from '../../core/latency-buckets.ts';
import { formatRatio } from '../../core/ratio.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { LatencyBaseline } from '../latency-baseline.ts';
import type { RulesConfig } from '../schema.ts';
import { provenSlots } from '../windows/proven-slots.ts';
import { type Streak, streakOf } from '../windows/streak.ts';
import type { Windows } from '../windows/windows.ts';
import { recentOf } from './error-rate.ts';
import { reasonForSilence } from './requests-doubt.ts';

type Name = 'latency-severe' | 'latency-moderate';

/** A route with fewer answers in a slot says nothing about its p95. */
const leastAnswers = 5;

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
  const proven = provenSlots(windows, rules.requests, now, from);
  const slownessOf = (counts: RequestSlot) => slowness(counts, baseline, floor);
  const measure = (value: (slow: readonly Slowness[]) => number | undefined) =>
    streakOf(
      proven.map(({ at, counts }) => ({ at, value: counts && value(slownessOf(counts)) })),
      { above, clear, slots },
    );
  const recent = recentOf(proven, slots);
  const slow = recent ? slownessOf(recent) : [];
  const head = {
    criterion: name,
    tier: name === 'latency-severe' ? 'severe' : 'moderate',
    value: shared(slow, share) ?? 0,
    threshold: above,
    unit: 'times',
    samples: slow.reduce((sum, { requests }) => sum + requests, 0),
    windowMs: slots * slot,
  } as const;
  const streak = measure((each) => shared(each, share));
  const worst = measure((each) => each[0]?.times);
  const doubt = reasonForDoubt({ baseline, windows, rules, now, last: streak.last });
  if (doubt) return { ...head, verdict: 'inconclusive', reason: doubt, tenants: [] };
  return { ...head, ...finding({ streak, worst, slow, rules, name }) };
}

interface Situation {
  readonly streak: Streak;
  readonly worst: Streak;
  readonly slow: readonly Slowness[];
  readonly rules: RulesConfig;
  readonly name: Name;
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'tenants' | 'exemptBecause' | 'since'>;

function finding({ streak, worst, slow, rules, name }: Situation): Finding {
  const { share, above } = rules[name];
  const said = describe(slow, above);
  const since = streak.since === undefined ? {} : { since: streak.since };
  if (streak.state === 'breach') {
    return { verdict: 'breach', reason: `${said} since ${formatInstant(streak.since ?? 0)}`, tenants: [], ...since };
  }
  if (streak.above > 0) {
    const row = `${streak.above} of ${rules.requests.slots} slots in a row`;
    return { verdict: 'pending', reason: `${said}; ${row}`, tenants: [], ...since };
  }
  if (worst.state === 'clear') return { verdict: 'clear', reason: said, tenants: [] };
  const reason = `${said}; the slow routes have less than ${formatRatio(share)} of the requests: look at their queries and indexes first`;
  return { verdict: 'exempt', exemptBecause: 'one-route', reason, tenants: [] };
}

/** Slowest first; routes without a baseline, and those with too few answers, are left out. */
function slowness({ routes }: RequestSlot, baseline: LatencyBaseline, floor: number): Slowness[] {
  return routes
    .flatMap(({ route, requests, latencies }): Slowness[] => {
      const known = baseline.get(route);
      const p95 = quantile(latencies, 0.95);
      if (!known || p95 === undefined || requests < leastAnswers) return [];
      // A baseline of nothing would make everything infinitely slow.
      const times = p95 > floor ? p95 / Math.max(known.p95, 1) : 0;
      return [{ route, requests, p95, baseline: known.p95, times }];
    })
    .sort((a, b) => b.times - a.times);
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
  if (!worst) return 'no route with a baseline was asked often enough';
  const { route, p95, baseline, times } = worst;
  const against = `baseline ${formatDuration(baseline)}`;
  const slower = times === 0 ? 'fast enough' : `${times.toFixed(1)} times, threshold ${above}`;
  return `p95 of ${route} is ${formatDuration(p95)} (${against}: ${slower})`;
}

interface Doubt {
  readonly baseline: LatencyBaseline;
  readonly windows: Windows;
  readonly rules: RulesConfig;
  readonly now: number;
  readonly last: number | undefined;
}

function reasonForDoubt({ baseline, windows, rules, now, last }: Doubt): string | undefined {
  if (baseline.size === 0) {
    return 'nobody knows how fast the legacy system was: give baseline.latency, or capture it before the cut-over';
  }
  return reasonForSilence(windows, rules.requests, last, now);
}
