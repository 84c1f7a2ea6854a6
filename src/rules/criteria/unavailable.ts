import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { RulesConfig } from '../schema.ts';
import type { Failing } from '../windows/failing.ts';
import { type Availability, availability, type Outage } from '../windows/outage.ts';
import { wayThrough } from '../windows/way-through.ts';
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
  const barred = outage ? undefined : wayThrough(windows, rules, now, from);
  return {
    criterion: 'unavailable',
    tier: 'critical',
    threshold: rules.after,
    unit: 'ms',
    tenants: [],
    ...measured(outage, barred, rules, now),
    ...finding(seen, barred, rules, now),
  };
}

function measured(outage: Outage | undefined, barred: Failing | undefined, rules: Rules, now: number) {
  const { since, ms, looks } = outage
    ? { since: outage.since, ms: outage.downMs, looks: outage.downLooks }
    : { since: barred?.since, ms: barred?.failingMs ?? 0, looks: barred?.looks ?? 0 };
  const windowMs = since === undefined ? rules.after : now - since;
  return { value: ms, samples: looks, windowMs, ...(since !== undefined && { since }) };
}

type Finding = Pick<Verdict, 'verdict' | 'reason' | 'exemptBecause' | 'told'>;

function finding(seen: Availability, barred: Failing | undefined, rules: Rules, now: number): Finding {
  const { last, outage } = seen;
  if (!last || seen.blind) return { verdict: 'inconclusive', reason: blindReason(seen, rules, now) };
  if (!outage) return up(`application answered at ${formatInstant(last.at)}`, barred, rules);
  const said = length(outage, rules);
  if (last.sight === 'up') {
    const again = `answers again for ${formatDuration(outage.answeringMs)} (over after ${formatDuration(rules.clearAfter)})`;
    return { verdict: 'pending', reason: `${again}; was ${said}` };
  }
  const short = shortOf(outage, rules);
  if (short) return { verdict: 'pending', reason: `application ${said}; ${short}` };
  return { verdict: 'breach', reason: `application ${said}` };
}

/** Up on its own port is not up for users: no rollback mends the way to it, and people must know of it all the same. */
function up(said: string, barred: Failing | undefined, { after, samples }: Rules): Finding {
  if (!barred) return { verdict: 'clear', reason: said };
  const { failingMs, looks, fineLooks, fineMs, since, said: why } = barred;
  const long = `for ${formatDuration(failingMs)} (threshold ${formatDuration(after)}) in ${looks} looks since ${formatInstant(since)}`;
  const reason = `${said} on its own port, but not through the balancer (${why}) ${long}`;
  const isLong = failingMs > after && looks >= samples && fineLooks <= looks;
  if (!isLong) return { verdict: 'clear', reason };
  if (fineMs !== undefined)
    return { verdict: 'pending', reason: `gets through the balancer again; until then ${reason}` };
  return {
    verdict: 'exempt',
    exemptBecause: 'balancer',
    told: true,
    reason: `${reason}: no rollback mends the balancer or the network`,
  };
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
