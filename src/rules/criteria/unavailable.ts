import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import { duration, ratio } from '../../core/scalars.ts';
import { formatInstant } from '../instant.ts';
import { howLongSettings } from '../samples/how-long-settings.ts';
import type { HowLong, Lasting } from '../samples/lasting.ts';
import type { Availability } from '../sources/availability.ts';
import { wayThrough } from '../sources/way-through.ts';
import { criterion, type Said } from './criterion.ts';

const settings = z.strictObject({
  ...howLongSettings({ for: '15m', within: '20m', clearFor: '1m', samples: 5 }),
  warnAfter: duration
    .prefault('2m')
    .describe('People are told of an outage, or of a contradiction about one, when it is so long.'),
  errorsAfter: duration
    .prefault('4m')
    .describe(
      'Errors while the application is down as a whole are the outage, and asked about as errors only when it was down for longer than this of the last `within`.',
    ),
  served: ratio
    .prefault('10%')
    .describe('Users are served, and nothing is down, while a larger share of real requests is answered well.'),
});
type Settings = z.infer<typeof settings>;

export const unavailable = criterion({
  name: 'unavailable',
  tier: 'critical',
  settings,
  about: 'Critical: the application is down (runbook: for more than 15 minutes).',
  mends: 'code',
  judge({ samples, availability, now, from }, rules) {
    const { outage, contradiction } = availability;
    const barred = outage ? undefined : wayThrough(samples, rules, now, from);
    const shown = outage ?? contradiction ?? barred;
    return {
      threshold: rules.for,
      unit: 'ms',
      tenants: [],
      value: (outage ?? barred)?.recentMs ?? 0,
      samples: shown?.looks ?? 0,
      windowMs: rules.within,
      ...(shown && { since: shown.since }),
      ...findingOf(availability, barred, rules, now),
    };
  },
});

function findingOf(seen: Availability, barred: Lasting | undefined, rules: Settings, now: number): Said {
  const { last, outage, contradiction } = seen;
  if (contradiction) return contradicted(contradiction, rules);
  if (!last || seen.blind) return { verdict: 'inconclusive', reason: whyBlind(seen, rules, now) };
  if (!outage) return up(`application answered at ${formatInstant(last.at)}`, barred, rules);
  const said = inWords(outage, rules);
  if (outage.goodMs !== undefined) {
    const again = `answers again for ${formatDuration(outage.goodMs)} (resolved after ${formatDuration(rules.clearFor)})`;
    return { verdict: 'pending', reason: `${again}; was ${said}` };
  }
  if (outage.firing) return { verdict: 'breach', reason: `application ${said}` };
  const told = outage.recentMs >= rules.warnAfter;
  return { verdict: 'pending', told, reason: `application ${said}; ${outlook(outage, rules, now)}` };
}

/** Users who are served are the strongest vantage: whatever else fails, it is not down. */
function contradicted(contradiction: Lasting, { warnAfter }: Settings): Said {
  const { badMs, since, said } = contradiction;
  const reason = `our question about its health has failed for ${formatDuration(badMs)} since ${formatInstant(since)} (${said}): it is not down. Look at the health route and at each worker`;
  return { verdict: 'inconclusive', told: badMs >= warnAfter, reason };
}

/** Up on its own port is not up for users: no rollback mends the way to it, and people must know of it all the same. */
function up(said: string, barred: Lasting | undefined, rules: Settings): Said {
  if (!barred) return { verdict: 'clear', reason: said };
  const { badMs, looks, goodMs, since, said: why, firing, recentMs } = barred;
  const long = `for ${formatDuration(badMs)} in ${looks} looks since ${formatInstant(since)}`;
  const reason = `${said} on its own port, but not through the balancer (${why}) ${long}`;
  if (goodMs !== undefined)
    return { verdict: 'pending', reason: `gets through the balancer again; until then ${reason}` };
  if (!firing && recentMs < rules.warnAfter) return { verdict: 'clear', reason };
  const advice = 'no rollback mends the balancer or the network';
  return { verdict: 'exempt', exemptBecause: 'balancer', told: true, reason: `${reason}: ${advice}` };
}

function inWords({ badMs, recentMs, looks, since, said }: Lasting, rules: HowLong): string {
  const threshold = `threshold ${formatDuration(rules.for)} of ${formatDuration(rules.within)}`;
  const recent =
    recentMs === badMs ? '' : `, ${formatDuration(recentMs)} of it in the last ${formatDuration(rules.within)}`;
  const samples = `${looks} ${looks === 1 ? 'sample' : 'samples'}`;
  return `down for ${formatDuration(badMs)}${recent} (${threshold}) in ${samples} since ${formatInstant(since)}; ${said}`;
}

/** When it fires if it goes on as it is. */
function outlook({ recentMs, looks }: Lasting, rules: Settings, now: number): string {
  if (recentMs > rules.for) return `only ${looks} of ${rules.samples} samples`;
  return `not yet above the threshold: if it stays down it fires at ${formatInstant(now + rules.for - recentMs)}`;
}

function whyBlind({ last, outage, blindBecause }: Availability, rules: HowLong, now: number): string {
  if (!last) return `nothing proven yet: ${blindBecause}`;
  const gap = `not seen for ${formatDuration(now - last.end)}: ${blindBecause}`;
  return outage ? `${gap}; until then ${inWords(outage, rules)}` : gap;
}
