import { type HowLong, type Lasting, lasting, type Sighting, type Track } from '../samples/lasting.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { Samples } from '../samples/samples.ts';
import { type Sight, sightsOf } from './sights.ts';

interface Rules extends HowLong {
  readonly served: number;
  readonly warnAfter: number;
  readonly errorsAfter: number;
}

export interface Availability {
  /** The last look that proved that the application is up, or down. */
  readonly last: Sighting | undefined;
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
  const follow = (bad: Sight['sight']): Track =>
    lasting(
      sights.map((sight) => sighting(sight, bad)),
      near,
      rules,
    );
  const { last, trouble: outage, goodSince } = follow('down');
  const blind = !last || now - last.end > near + neighbourhood(controlEvery);
  return {
    last,
    blind,
    blindBecause: blind ? whyBlind(sights) : '',
    outage,
    contradiction: sights.at(-1)?.sight === 'contradicted' ? follow('contradicted').trouble : undefined,
    upSince: goodSince,
    hidesErrors: outage !== undefined && outage.row >= wholly && outage.recentMs <= rules.errorsAfter,
  };
}

function sighting({ at, end, sight, vantage }: Sight, bad: Sight['sight']): Sighting {
  const found = sight === bad ? 'bad' : sight === 'up' ? 'good' : 'unknown';
  return { at, end, found, said: vantage };
}

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
