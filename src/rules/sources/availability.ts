import { type HowLong, type Lasting, lasting, type Sighting, type Track } from '../samples/lasting.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';
import { servedWhile } from './served.ts';
import { type Sight, sightsOf } from './sights.ts';

interface Rules extends HowLong {
  readonly served: number;
  readonly warnAfter: number;
  readonly errorsAfter: number;
}

export interface Availability {
  /** The last look that proved that the application is up, or down. */
  readonly last: Sight | undefined;
  /** Nothing was proven for longer than neighbouring looks are apart. */
  readonly blind: boolean;
  /** What the looks since then were, where `blind`. */
  readonly blindBecause: string;
  readonly outage: Lasting | undefined;
  /** Our own question fails while users are served. */
  readonly contradiction: Lasting | undefined;
  /** Since when it has been seen up without a break; absent where the last look did not. */
  readonly upSince: number | undefined;
  /** It is down as a whole, and not for long: what fails meanwhile is the outage's, and has no question of its own yet. */
  readonly hidesErrors: boolean;
}

/** So many looks in a row that find it down are no flapping. */
const wholly = 3;

/** Looks before `from` are left out: the application was another one, or in our own hands. */
export function availability(samples: Samples, rules: Rules, from: number, now: number): Availability {
  const { healthEvery, controlEvery } = samples.limits;
  const sights = sightsOf(samples, rules.served, from, now).filter(({ sight }) => sight !== 'unsettled');
  const near = neighbourhood(healthEvery);
  const follow = (findings: Findings): Track =>
    lasting(
      sights.map(({ at, end, sight, vantage }) => ({ at, end, found: findings[sight] ?? 'unknown', said: vantage })),
      near,
      rules,
    );
  const last = sights.findLast(({ sight }) => sight === 'up' || sight === 'down');
  const { trouble, goodSince } = follow({ up: 'good', contradicted: 'good', down: 'bad' });
  const newest = sights.at(-1);
  const users = trouble && servedWhile(samples, trouble.recent, rules.served);
  const isContradicted = newest?.sight === 'contradicted' || (newest?.sight === 'down' && users !== undefined);
  const failing = isContradicted ? follow({ up: 'good', contradicted: 'bad', down: 'bad' }).trouble : undefined;
  const blind = !last || now - last.end > near + neighbourhood(controlEvery);
  const outage = users === undefined ? trouble : undefined;
  return {
    last,
    blind,
    blindBecause: blind ? whyBlind(sights) : '',
    outage,
    contradiction: failing && users ? { ...failing, said: `${failing.said}; but ${users}` } : failing,
    upSince: goodSince,
    hidesErrors:
      outage !== undefined && outage.row >= wholly && (newest?.at ?? now) - outage.since <= rules.errorsAfter,
  };
}

type Findings = Partial<Record<Sight['sight'], Sighting['found']>>;

function whyBlind(sights: readonly Sight[]): string {
  const last = sights.at(-1);
  if (!last) return 'the application has not been looked at';
  switch (last.sight) {
    case 'contradicted':
      return `its health fails, and users are served (${last.vantage})`;
    case 'disputed':
      return `its health fails, and nothing else says that it is down (${last.vantage})`;
    case 'blind':
      return last.vantage;
    default:
      return 'the health probe has stopped looking';
  }
}
