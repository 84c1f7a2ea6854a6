import type { Clock } from '../core/clock.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { Probe, Tell } from '../probes/contract.ts';

export interface ObserverDependencies {
  readonly probes: readonly Probe[];
  readonly clock: Clock;
  /** Each observation once: those that cannot wait at once, all others at the end of their look. */
  readonly onObservations: (observations: readonly Observation[]) => void;
  /** A probe that must not look now: its look would disturb a run's own proofs. */
  readonly isQuiet: (probe: ProbeName) => boolean;
}

/** `blind`: nothing at all was seen. */
type Sight = 'seen' | 'blind';

/** A probe that saw nothing looks again soon, however seldom it looks otherwise. */
const blindRetry = 10_000;

/** Lets each probe look at its own pace; one look of a probe at a time, however long the target makes it wait. */
export class Observer {
  readonly #dependencies: ObserverDependencies;
  readonly #latest = new Map<ProbeName, readonly Observation[]>();

  constructor(dependencies: ObserverDependencies) {
    this.#dependencies = dependencies;
  }

  /** Looks until the signal aborts; resolves when the last look has ended. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#dependencies.probes.map((probe) => this.#pace(probe, signal)));
  }

  /** What the last look of each probe has seen. */
  latest(): readonly Observation[] {
    return [...this.#latest.values()].flat();
  }

  async #pace(probe: Probe, signal: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    while (!signal.aborted) {
      const started = clock.monotonic();
      const sight = await this.#look(probe, signal);
      const pause = sight === 'blind' ? Math.min(probe.everyMs, blindRetry) : probe.everyMs;
      const rest = pause - (clock.monotonic() - started);
      await clock.sleep(Math.max(rest, 10), signal).catch(() => {});
    }
  }

  async #look(probe: Probe, signal: AbortSignal): Promise<Sight> {
    if (signal.aborted || this.#dependencies.isQuiet(probe.name)) return 'seen';
    const told = new Set<Observation>();
    const tell: Tell = (observations) => {
      if (signal.aborted) return;
      const untold = observations.filter((each) => !told.has(each));
      for (const each of untold) told.add(each);
      this.#dependencies.onObservations(untold);
    };
    const observations = await this.#seenBy(probe, tell, signal);
    if (signal.aborted) return 'seen';
    this.#latest.set(probe.name, observations);
    tell(observations);
    return observations.some(({ status }) => status === 'observed') ? 'seen' : 'blind';
  }

  async #seenBy(probe: Probe, tell: Tell, signal: AbortSignal): Promise<Observation[]> {
    const { clock } = this.#dependencies;
    const at = clock.now();
    const started = clock.monotonic();
    try {
      return await probe.look(signal, tell);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ probe: probe.name, status: 'unobserved', at, tookMs: clock.monotonic() - started, reason }];
    }
  }
}
