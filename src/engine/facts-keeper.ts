import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import { openIncidentOf } from '../incident/read-state.ts';
import type { Plan } from '../model/plan.ts';
import type { CriterionName } from '../model/verdict.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import type { Memory } from './memory.ts';

export interface FactsDependencies {
  readonly memory: Memory;
  readonly clock: Clock;
  readonly log: Logger;
  /** Facts that need no time. */
  readonly quickFacts: () => GuardFacts;
  /** All facts, which may take minutes, and the plan as it would run now. */
  readonly gatherFacts: (signal: AbortSignal) => Promise<{ facts: GuardFacts; plan: Plan | undefined }>;
  /** How long one gathering may take. */
  readonly gatherWithin: number;
}

/** They cost a reading of the backup and of all legacy databases: nothing to do every minute of a long wait. */
const keptFor = 15 * 60_000;
/** What the daemon acts on alone is younger than this. */
const freshFor = 60_000;
const retryAfter = 15_000;
/** A decision waits this long for its facts; then it is made with what there is, so that people are not kept waiting. */
const patience = 30_000;

interface Gathered {
  readonly at: number;
  /** What they were gathered for. */
  readonly occasion: string;
  readonly facts: GuardFacts;
  readonly plan: Plan | undefined;
}

export interface KeptFacts {
  readonly facts: GuardFacts;
  readonly plan: Plan | undefined;
  /** Gathered for this very occasion, and just now. */
  readonly fresh: boolean;
}

/** Gathers in the background, so that looking and judging never wait for it. */
export class FactsKeeper {
  readonly #dependencies: FactsDependencies;
  readonly #onGathered: (signal: AbortSignal) => void;
  #gathered: Gathered | undefined;
  #gathering: { readonly occasion: string; readonly since: number } | undefined;
  #givingWay = new AbortController();

  constructor(dependencies: FactsDependencies, onGathered: (signal: AbortSignal) => void) {
    this.#dependencies = dependencies;
    this.#onGathered = onGathered;
  }

  /** Undefined while they are being gathered for a new occasion and it is worth waiting. */
  factsFor(lead: CriterionName, signal: AbortSignal): KeptFacts | undefined {
    const { clock } = this.#dependencies;
    const occasion = this.#occasion(lead);
    const known = this.#gathered?.occasion === occasion ? this.#gathered : undefined;
    if (!known || clock.monotonic() - known.at > keptFor) this.gather(lead, signal);
    const waited = this.#gathering ? clock.monotonic() - this.#gathering.since : 0;
    if (!known && waited < patience) return undefined;
    return this.#with(known ?? this.#gathered, known !== undefined);
  }

  /** Ends what is being gathered: a run has begun, whose proofs it would disturb. */
  giveWay(): void {
    this.#givingWay.abort(new Error('a run has begun'));
    this.#givingWay = new AbortController();
  }

  /** Starts gathering unless it is under way for this occasion already. */
  gather(lead: CriterionName, signal: AbortSignal): void {
    const { clock, gatherFacts, gatherWithin, log, quickFacts } = this.#dependencies;
    const occasion = this.#occasion(lead);
    if (this.#gathering) return;
    this.#gathering = { occasion, since: clock.monotonic() };
    gatherFacts(AbortSignal.any([signal, this.#givingWay.signal, AbortSignal.timeout(gatherWithin)]))
      .then((found) => {
        const complete = isComplete(found.facts);
        this.#gathered = { ...found, at: complete ? clock.monotonic() : this.#soonStale(), occasion };
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        log.error({ reason: explain(error) }, 'the facts for a decision could not be gathered');
        // Decided with what is known for a while, then tried again.
        this.#gathered = { facts: quickFacts(), plan: undefined, occasion, at: this.#soonStale() };
      })
      .finally(() => {
        this.#gathering = undefined;
        if (!signal.aborted) this.#onGathered(signal);
      });
  }

  /** What could not be found out is asked for again soon: a passing fault must not decide for a quarter of an hour. */
  #soonStale(): number {
    return this.#dependencies.clock.monotonic() - keptFor + retryAfter;
  }

  /** A change in any of these makes other facts matter. */
  #occasion(lead: CriterionName): string {
    const state = this.#dependencies.memory.state();
    const containment = openIncidentOf(state)?.containment.state ?? 'none';
    const { mode, armed, paused, runs } = state;
    return JSON.stringify([lead, containment, mode, armed?.at, paused?.at, [...runs.keys()].at(-1)]);
  }

  /** What the journal and the clock say is always taken fresh. */
  #with(gathered: Gathered | undefined, sameOccasion: boolean): KeptFacts {
    const { quickFacts, clock } = this.#dependencies;
    const quick = quickFacts();
    if (!gathered) return { facts: quick, plan: undefined, fresh: false };
    const { writesLost, backup, legacyDatabases, plan, lease } = gathered.facts;
    return {
      facts: { ...quick, writesLost, backup, legacyDatabases, plan, lease },
      plan: gathered.plan,
      fresh: sameOccasion && clock.monotonic() - gathered.at < freshFor,
    };
  }
}

/** The lease is not asked for unless the daemon is armed. */
function isComplete({ mode, writesLost, backup, legacyDatabases, plan, lease }: GuardFacts): boolean {
  const found = [writesLost, backup, legacyDatabases, plan, ...(mode === 'armed' ? [lease] : [])];
  return found.every(({ known }) => known);
}
