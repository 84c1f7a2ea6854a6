import type { RulesConfig } from '../schema.ts';
import { neighbourhood } from './limits.ts';
import { type Sight, sightsOf } from './sights.ts';
import type { Windows } from './windows.ts';

type Rules = Pick<RulesConfig['unavailable'], 'after' | 'clearAfter'>;

/** The present outage. Its length is what was seen: time between one look that found it down and the next. */
export interface Outage {
  readonly since: number;
  readonly downMs: number;
  readonly downLooks: number;
  readonly upLooks: number;
  /** How long it has answered again without a break; not yet long enough to end the outage. */
  readonly answeringMs: number;
  readonly vantage: string;
}

export interface Availability {
  /** The last look that proved something. */
  readonly last: Sight | undefined;
  /** Nothing was proven for longer than neighbouring looks are apart. */
  readonly blind: boolean;
  /** What the looks since then were, where `blind`. */
  readonly blindBecause: string;
  readonly outage: Outage | undefined;
  /** Until when it was last seen down as a whole, and not merely now and then. */
  readonly downUntil: number | undefined;
  /** Since when it has been seen up without a break; absent where the last look did not. */
  readonly upSince: number | undefined;
}

/** Looks before `from` are left out: the application was another one, or in our own hands. */
export function availability(windows: Windows, rules: Rules, from: number, now: number): Availability {
  const { healthEvery, controlEvery } = windows.limits;
  const step: Step = { near: neighbourhood(healthEvery), rules };
  const sights = sightsOf(windows, from, now);
  let track: Track = { last: undefined, gap: false, outage: undefined, upSince: undefined, downUntil: undefined };
  for (const sight of sights) track = follow(track, sight, step);
  const patience = step.near + neighbourhood(controlEvery);
  const blind = !track.last || now - track.last.end > patience;
  const { last, outage, upSince, downUntil } = track;
  return { last, blind, blindBecause: blind ? whyBlind(sights) : '', outage, upSince, downUntil };
}

interface Step {
  readonly near: number;
  readonly rules: Rules;
}

interface Track {
  readonly last: Sight | undefined;
  /** Something was not seen since `last`. */
  readonly gap: boolean;
  readonly outage: Outage | undefined;
  readonly downUntil: number | undefined;
  readonly upSince: number | undefined;
}

/** So many looks that found it down, and more than found it up, are no flapping. */
const wholly = 3;

function follow(track: Track, sight: Sight, step: Step): Track {
  if (sight.sight === 'unsettled') return track;
  if (sight.sight === 'blind' || sight.sight === 'disputed') return { ...track, gap: true, upSince: undefined };
  const { last } = track;
  const away = last ? sight.at - last.end : 0;
  const seen = last?.sight === sight.sight && !track.gap && away <= step.near ? Math.max(0, sight.at - last.at) : 0;
  const stale = away > Math.max(step.rules.after, step.near);
  const known = stale ? undefined : track.outage;
  const outage = sight.sight === 'down' ? lengthened(known, sight, seen) : answering(known, seen, step.rules);
  const isWhole = sight.sight === 'down' && outage && outage.downLooks >= wholly && outage.downLooks > outage.upLooks;
  const upSince = sight.sight === 'up' ? (track.upSince ?? sight.at) : undefined;
  const downUntil = isWhole ? sight.end : track.downUntil;
  return { last: sight, gap: false, outage, upSince, downUntil };
}

function lengthened(known: Outage | undefined, sight: Sight, seen: number): Outage {
  const before = known ?? { since: sight.at, downMs: 0, downLooks: 0, upLooks: 0 };
  const { since, downMs, downLooks, upLooks } = before;
  return { since, downMs: downMs + seen, downLooks: downLooks + 1, upLooks, answeringMs: 0, vantage: sight.vantage };
}

function answering(known: Outage | undefined, seen: number, { clearAfter }: Rules): Outage | undefined {
  if (!known) return undefined;
  const answeringMs = known.answeringMs + seen;
  return answeringMs >= clearAfter ? undefined : { ...known, answeringMs, upLooks: known.upLooks + 1 };
}

function whyBlind(sights: readonly Sight[]): string {
  const last = sights.findLast(({ sight }) => sight !== 'unsettled');
  if (!last) return 'the application has not been looked at';
  if (last.sight === 'disputed')
    return `our own question fails, but nothing else says that it is down (${last.vantage})`;
  return last.sight === 'blind' ? last.vantage : 'the health probe has stopped looking';
}
