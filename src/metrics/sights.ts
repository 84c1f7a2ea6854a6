import type { Clock } from '../core/clock.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { Instruments } from './instruments.ts';

/** How well one probe sees. */
interface Sight {
  /** Since when it has had something to look at. */
  readonly since: number;
  up: boolean;
  lastSeen?: number;
}

/** What each probe that has something to look at saw last. */
export interface Sights {
  /** Any other has nothing to look at: that it sees nothing means nothing. */
  watching(probes: readonly ProbeName[]): void;
  observed(observation: Observation): void;
  /** Ages are true at the moment of the scrape only. */
  show(instruments: Instruments): void;
}

export function createSights(clock: Pick<Clock, 'now'>): Sights {
  const sights = new Map<ProbeName, Sight>();
  return {
    watching(probes) {
      for (const probe of sights.keys()) if (!probes.includes(probe)) sights.delete(probe);
      for (const probe of probes) if (!sights.has(probe)) sights.set(probe, { since: clock.now(), up: false });
    },
    observed({ probe, at, status }) {
      const sight = sights.get(probe);
      if (!sight) return;
      sight.up = status === 'observed';
      if (sight.up) sight.lastSeen = at;
    },
    show(instruments) {
      const {
        rollbackd_probe_up: up,
        rollbackd_probe_last_observed_timestamp_seconds: timestamp,
        rollbackd_probe_last_observed_age_seconds: age,
      } = instruments;
      for (const gauge of [up, timestamp, age]) gauge.reset();
      for (const [probe, sight] of sights) {
        up.set({ probe }, sight.up ? 1 : 0);
        timestamp.set({ probe }, (sight.lastSeen ?? 0) / 1_000);
        age.set({ probe }, Math.max(0, clock.now() - (sight.lastSeen ?? sight.since)) / 1_000);
      }
    },
  };
}
