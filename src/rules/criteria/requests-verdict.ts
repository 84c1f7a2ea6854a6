import { formatDuration } from '../../core/duration.ts';
import type { Verdict } from '../../model/verdict.ts';
import { formatInstant } from '../instant.ts';
import type { Lasting } from '../samples/lasting.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Measured } from '../sources/prometheus.ts';
import { hasLog, type Source } from '../sources/requests.ts';
import type { Finding, JudgeInput, Said } from './criterion.ts';
import { howLongOf, isLikely } from './share-stand.ts';

/** Whose numbers a verdict shows. */
type Numbers = Readonly<Pick<Finding, 'value' | 'threshold' | 'unit' | 'samples' | 'windowMs' | 'tenants'>> & {
  /** It fires since then. */
  readonly since: number | undefined;
};

/** How a measure of requests stands by one source. */
export interface Stand extends Numbers {
  readonly source: Source;
  /** The newest requests are well again. */
  readonly recovering: boolean;
  /** There was not one request lately. */
  readonly silent: boolean;
  /** Some went well in the shortest window, and the trouble that there may have been is resolved. */
  readonly seenWell: boolean;
  /** Above the threshold lately, though not yet by more than chance. */
  readonly rising: boolean;
  readonly said: string;
  /** Why it is no reason for a rollback although it fires. */
  readonly exempt?: Exempt | undefined;
}

interface Exempt {
  readonly because: NonNullable<Verdict['exemptBecause']>;
  readonly said: string;
  /** Likely enough is well again: one route that is seldom asked would take an hour to prove it. */
  readonly isLikelyOver?: boolean;
}

/** What was said, and by whose numbers. */
export interface RequestsVerdict extends Said {
  readonly by: Numbers;
}

/**
 * Where the severe criterion of the same measure has it, or is likely to, the moderate one waits: nobody is asked twice.
 * Severe trouble of one tenant or route is no reason for a rollback, and hides no moderate trouble of the others.
 */
export function besideSevere(severe: string, found: RequestsVerdict, { judged }: JudgeInput): RequestsVerdict {
  const higher = judged.find(({ criterion }) => criterion === severe);
  if (!higher || higher.verdict === 'clear' || !waits(found, higher)) return found;
  if (higher.verdict === 'exempt' && found.verdict !== 'exempt') return found;
  const verdict = higher.verdict === 'exempt' ? 'exempt' : 'pending';
  const because = higher.exemptBecause && { exemptBecause: higher.exemptBecause };
  return { by: found.by, verdict, ...because, reason: `worse than moderate: see ${severe}` };
}

/** For severe trouble that lasts; and before its own calls people, for what is likely to become severe in the window that fired. */
function waits({ verdict: own, by }: RequestsVerdict, { verdict, value, threshold, since }: Verdict): boolean {
  if (verdict === 'breach') return true;
  if (since !== undefined) return value > threshold;
  const calls = own === 'breach' || own === 'exempt';
  return (
    calls && verdict === 'pending' && by.unit === 'share' && isLikely(by.value * by.samples, by.samples, threshold)
  );
}

/** Tenants are named where they have trouble. */
export function findingOf({ by, ...said }: RequestsVerdict): Finding {
  const { value, threshold, unit, samples, windowMs, since } = by;
  const isTheirs = said.verdict === 'breach' || said.verdict === 'exempt';
  const tenants = isTheirs ? [...by.tenants] : [];
  return { value, threshold, unit, samples, windowMs, ...(since !== undefined && { since }), tenants, ...said };
}

/**
 * Real requests decide. rollbackd's own raise trouble where real ones are not seen to be well, and never end what real ones
 * began; what Prometheus measures of real ones raises it, too.
 */
export function requestsVerdict(real: Stand, own: Stand, prometheus: Measured, input: JudgeInput): RequestsVerdict {
  if (input.availability.hidesErrors && [real, own].some(isTroubled)) return { ...hidden(input), by: real };
  if (real.since !== undefined) return { ...firing(real, real.since, input), by: real };
  if (own.since !== undefined && !(real.seenWell && own.recovering)) {
    return { ...byOwn(own, own.since, real), by: own };
  }
  if (prometheus.trouble) return byPrometheus(prometheus, prometheus.trouble, real);
  return { ...withoutTrouble(real, own, prometheus, input), by: real.silent && !own.silent ? own : real };
}

const isTroubled = ({ since, rising }: Stand): boolean => since !== undefined || rising;

function hidden({ availability: { outage } }: JudgeInput): Said {
  const since = outage ? ` since ${formatInstant(outage.since)}` : '';
  return { verdict: 'pending', reason: `the application is down as a whole${since}: its errors are that outage` };
}

function firing(stand: Stand, began: number, input: JudgeInput): Said {
  const since = `${stand.said} since ${formatInstant(began)}`;
  const unread = whyUnread(input);
  if (unread) return { verdict: 'inconclusive', reason: `${unread}; until then ${since}` };
  if (stand.silent) return { verdict: 'inconclusive', reason: `no requests lately; until then ${since}` };
  return stateOf(stand, since);
}

function stateOf({ recovering, exempt }: Stand, since: string): Said {
  if (recovering && exempt?.isLikelyOver) return { verdict: 'clear', reason: `${since}; the newest requests are well` };
  if (recovering) return { verdict: 'pending', reason: `${since}; the newest requests are well, not yet resolved` };
  if (!exempt) return { verdict: 'breach', reason: since };
  return { verdict: 'exempt', exemptBecause: exempt.because, told: true, reason: `${since}; ${exempt.said}` };
}

function byOwn(own: Stand, began: number, real: Stand): Said {
  const since = `${own.said} since ${formatInstant(began)}`;
  if (own.silent) return { verdict: 'inconclusive', reason: `rollbackd has asked nothing lately; until then ${since}` };
  if (real.seenWell) {
    const reason = `${since}, but users are served well: ${real.said}. Look at the way rollbackd asks`;
    return { verdict: 'inconclusive', told: true, reason };
  }
  return stateOf(own, since);
}

function byPrometheus(measured: Measured, trouble: Lasting, real: Stand): RequestsVerdict {
  const { said, badMs, since } = trouble;
  const by = { ...measured.numbers, windowMs: badMs, since, tenants: [] };
  const lasted = `above the threshold for ${formatDuration(badMs)} since ${formatInstant(since)}`;
  const beside = real.seenWell ? `; the log shows users served well: ${real.said}` : '';
  const reason = `Prometheus says ${said}, ${lasted}${beside}`;
  if (measured.silent) return { verdict: 'inconclusive', reason: `${measured.silent}; until then ${reason}`, by };
  return { verdict: trouble.firing ? 'breach' : 'pending', reason, by };
}

function withoutTrouble(real: Stand, own: Stand, prometheus: Measured, input: JudgeInput): Said {
  const rising = [real, own].find((stand) => stand.rising && !stand.silent);
  if (rising) return { verdict: 'pending', reason: `${rising.said}: too short or too few so far to be sure` };
  const unread = whyUnread(input);
  if (unread) return { verdict: 'inconclusive', reason: `${unread}: rollbackd's own requests alone give no all-clear` };
  if (!real.silent) return { verdict: 'clear', reason: real.said };
  const waiting = whyWaiting(input);
  if (waiting) return { verdict: 'inconclusive', reason: waiting };
  if (!own.silent) return { verdict: 'clear', reason: own.said };
  const none = "no requests lately, neither real ones nor rollbackd's own";
  return wellByPrometheus(prometheus, input) ?? { verdict: 'inconclusive', reason: none };
}

/** Where nobody else tells of requests: well for as long as it takes to be resolved. */
export function wellByPrometheus({ goodSince, silent }: Measured, { requests, now }: JudgeInput): Said | undefined {
  if (goodSince === undefined || silent || now - goodSince < howLongOf(requests).clearFor) return undefined;
  return { verdict: 'clear', reason: `Prometheus says well since ${formatInstant(goodSince)}` };
}

export function whyUnread({ samples, now }: JudgeInput): string | undefined {
  const { requestsLook, limits } = samples;
  if (!hasLog(samples)) return undefined;
  if (!requestsLook) return 'the log of requests cannot be read';
  const age = now - requestsLook.at;
  if (age <= neighbourhood(limits.requestsEvery) + limits.slotMs) return undefined;
  return `the log of requests has not been read since ${formatInstant(requestsLook.at)}`;
}

/** Idle connections that are kept for reuse, and rollbackd's own, are few beside those of users who wait. */
const waitingShare = 0.1;

/** Nothing where there was much, while many connections are open, is no quiet. */
function whyWaiting({ samples: { requests, requestsLook }, requests: { windows } }: JudgeInput): string | undefined {
  const { openUpstream: open = 0 } = requestsLook ?? {};
  const last = requests.at(-1);
  const [shortest] = windows;
  if (open === 0 || !last || !shortest) return undefined;
  const before = requests.filter(({ at }) => at > last.at - shortest.over);
  const busy = before.reduce((sum, slot) => sum + slot.requests, 0);
  const perMinute = (busy * 60_000) / shortest.over;
  return open >= waitingShare * perMinute
    ? `no requests lately while ${open} connections to the application are open: that is not quiet`
    : undefined;
}
