import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import { type Availability, availability, type Outage } from '../windows/outage.ts';
import type { Windows } from '../windows/windows.ts';

type Rules = RulesConfig['unavailable'];

/**
 * Critical: the application was seen down for more than `after`, with a second vantage for each look.
 * Looks before `from` do not count.
 */
export function judgeUnavailable(
  windows: Windows,
  rules: Rules,
  now: number,
  from = 0,
  seen = availability(windows, rules, from, now),
): Verdict {
  const { outage } = seen;
  return {
    criterion: 'unavailable',
    tier: 'critical',
    value: outage?.downMs ?? 0,
    threshold: rules.after,
    unit: 'ms',
    samples: outage?.downLooks ?? 0,
    windowMs: outage ? now - outage.since : rules.after,
    ...(outage ? { since: outage.since } : {}),
    tenants: [],
    ...finding(seen, rules, now),
  };
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'confirmBy'>;

function finding(seen: Availability, rules: Rules, now: number): Finding {
  const { last, outage } = seen;
  if (!last || seen.blind) return { verdict: 'inconclusive', reason: blindReason(seen, rules, now) };
  if (!outage) return { verdict: 'clear', reason: `application answered at ${formatInstant(last.at)}` };
  const said = length(outage, rules);
  if (last.sight === 'up') {
    const again = `answers again for ${formatDuration(outage.answeringMs)} (over after ${formatDuration(rules.clearAfter)})`;
    return { verdict: 'pending', reason: `${again}; was ${said}`, confirmBy: 'health' };
  }
  const short = shortOf(outage, rules);
  if (short) return { verdict: 'pending', reason: `application ${said}; ${short}`, confirmBy: 'health' };
  return { verdict: 'breach', reason: `application ${said}` };
}

function length({ downMs, downLooks, since, vantage }: Outage, { after }: Rules): string {
  const threshold = `threshold ${formatDuration(after)}`;
  const looks = `${downLooks} ${downLooks === 1 ? 'sample' : 'samples'}`;
  return `down for ${formatDuration(downMs)} (${threshold}) in ${looks} since ${formatInstant(since)}; ${vantage}`;
}

function shortOf({ downMs, downLooks, upLooks }: Outage, rules: Rules): string | undefined {
  if (downMs <= rules.after) return 'not yet above the threshold';
  if (downLooks < rules.samples) return `only ${downLooks} of ${rules.samples} samples`;
  return upLooks > downLooks ? `it answered ${upLooks} looks in between: flapping, not down` : undefined;
}

function blindReason({ last, outage, blindBecause }: Availability, rules: Rules, now: number): string {
  if (!last) return `nothing proven yet: ${blindBecause}`;
  const gap = `not seen for ${formatDuration(now - last.end)}: ${blindBecause}`;
  return outage ? `${gap}; until then ${length(outage, rules)}` : gap;
}
