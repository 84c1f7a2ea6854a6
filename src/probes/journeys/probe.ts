import type { Observation } from '../../model/observation.ts';
import type { Version } from '../../model/version.ts';
import type { Probe } from '../contract.ts';
import type { ProbesConfig } from '../schema.ts';
import { Logins } from './logins.ts';
import { type JourneyEnd, makeJourney } from './make-journey.ts';
import type { JourneyConfig } from './schema.ts';
import { newMark, type TripDependencies } from './trip.ts';
import { longestDue, tenantsOf } from './turns.ts';

export interface JourneysDependencies extends Omit<TripDependencies, 'logins' | 'probes'> {
  readonly probes: ProbesConfig;
  readonly everyMs: number;
  /** The one that is expected to run now. */
  readonly version: () => Version;
}

/** What users do, step by step: one journey a look, as the next tenant. */
export function journeysProbe(dependencies: JourneysDependencies): Probe {
  const { target, probes, everyMs, version, clock } = dependencies;
  // A login of one version means nothing to the other.
  const logins = { unified: new Logins(clock), legacy: new Logins(clock) };
  const turns = { unified: new Turns(), legacy: new Turns() };
  return {
    name: 'journeys',
    everyMs,
    async look(signal) {
      const running = version();
      const probeSet = probes[running];
      const at = clock.now();
      const started = clock.monotonic();
      const journey = turns[running].next(probeSet.journeys, started);
      const tenant = journey && turns[running].tenantFor(journey, tenantsOf(journey, target));
      if (!journey || !tenant) return [];
      const endsAt = started + journey.timeout;
      const trip = { ...dependencies, logins: logins[running], journey, probeSet, tenant, mark: newMark(), endsAt };
      const end = await makeJourney(trip, signal);
      return [observationOf({ at, tookMs: clock.monotonic() - started }, journey, tenant.slug, end)];
    },
  };
}

/** Whose turn it is: the journeys in their own time, the tenants of each one after another. */
class Turns {
  readonly #madeAt = new Map<string, number>();
  readonly #count = new Map<string, number>();

  next(journeys: readonly JourneyConfig[], now: number): JourneyConfig | undefined {
    const journey = longestDue(journeys, this.#madeAt, now);
    if (journey) this.#madeAt.set(journey.name, now);
    return journey;
  }

  tenantFor<T>({ name }: JourneyConfig, tenants: readonly T[]): T | undefined {
    const turn = this.#count.get(name) ?? 0;
    this.#count.set(name, turn + 1);
    return tenants[turn % tenants.length];
  }
}

function observationOf(
  head: { readonly at: number; readonly tookMs: number },
  { name }: JourneyConfig,
  tenant: string,
  end: JourneyEnd,
): Observation {
  if (end.outcome !== 'blind') {
    return { probe: 'journeys', status: 'observed', ...head, values: { journey: name, tenant, ...end } };
  }
  const reason = `${name} as ${tenant}, ${end.step}: ${end.reason}`;
  return { probe: 'journeys', status: 'unobserved', ...head, reason };
}
