import type { Decision } from '../model/decision.ts';
import type { JournalEvent } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import { type Act, actsIn } from './act.ts';
import { assumed, assumedPlan, assumedRun, assumedState } from './assumed-world.ts';
import { isPlain } from './plain-look.ts';
import { PureDaemon } from './pure-daemon.ts';
import { assumedFacts, type EngineSettings, hasIntervened, isAtRest } from './pure-half.ts';
import { type Firing, Tally } from './tally.ts';

export interface LookingBack {
  readonly settings: EngineSettings;
  readonly mode: Mode;
  /** How long after a stop of the application it begins anew. */
  readonly watchFor: number;
  /** The daemon's own pace: it judges so often. */
  readonly tickMs: number;
}

export interface Past {
  readonly acts: readonly Act[];
  readonly firings: readonly Firing[];
  readonly observations: number;
  /** By probe. */
  readonly seen: ReadonlyMap<ProbeName, number>;
  /** When the first look arrived, and the last. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Longer than an hour without any look. */
  readonly gaps: number;
  /** So often the clock was set back. */
  readonly stepsBack: number;
  /** What the pure half refused of itself: faults of ours. */
  readonly refusals: readonly string[];
}

/** While all is well, and nothing failed since, it is judged only so often. */
const calm = 60_000;
const hour = 3_600_000;
/** Longer than any window: after so long without a look nothing changes any more. */
const longestSilence = 6 * hour;
/** As the windows have it: an earlier look than this before the last one shows that the clock was set back. */
const slack = 30_000;

/** What the daemon would have done, had it seen these looks when they were made. Time comes from them alone. */
export class LookBack {
  readonly #options: LookingBack;
  readonly #daemon: PureDaemon;
  readonly #tally = new Tally();
  readonly #events: JournalEvent[] = [];
  readonly #anew: Act[] = [];
  readonly #refusals: string[] = [];
  readonly #seen = new Map<ProbeName, number>();
  #waiting: Observation[] = [];
  #next: number | undefined;
  #from: number | undefined;
  #to: number | undefined;
  #intervenedAt: number | undefined;
  #isCalm = false;
  #gaps = 0;
  #stepsBack = 0;

  constructor(options: LookingBack) {
    this.#options = options;
    this.#daemon = new PureDaemon(
      {
        settings: () => options.settings,
        facts: (known, now) => assumedFacts(assumed, { ...known, settings: options.settings, now }),
        planHash: () => assumed.planHash,
        planOf: assumedPlan,
        runGoesOn: assumedRun,
        watchFor: options.watchFor,
        onEvent: (event) => this.#events.push(event),
        onRefused: (refusal, now) => this.#refusals.push(`${new Date(now).toISOString()}: ${refusal}`),
      },
      assumedState(options.mode),
    );
  }

  /** The next looks, in the order in which they arrived. */
  take(observations: readonly Observation[]): void {
    for (const observation of observations) this.#take(observation);
  }

  /** Judges what is left. */
  end(): Past {
    if (this.#next !== undefined) this.#turn(this.#next);
    return {
      acts: [...actsIn(this.#events), ...this.#anew].sort((a, b) => a.at - b.at),
      firings: this.#tally.firings(),
      observations: [...this.#seen.values()].reduce((sum, count) => sum + count, 0),
      seen: this.#seen,
      from: this.#from,
      to: this.#to,
      gaps: this.#gaps,
      stepsBack: this.#stepsBack,
      refusals: this.#refusals,
    };
  }

  #take(observation: Observation): void {
    const arrival = observation.at + Math.ceil(observation.tookMs);
    this.#catchUp(arrival);
    this.#to = arrival;
    this.#seen.set(observation.probe, (this.#seen.get(observation.probe) ?? 0) + 1);
    this.#waiting.push(observation);
    if (this.#isCalm && !isPlain(observation)) this.#next = this.#tickAfter(arrival);
  }

  /** All turns that were due before this moment. */
  #catchUp(arrival: number): void {
    if (this.#next === undefined || this.#to === undefined) {
      this.#from = arrival;
      this.#next = this.#tickAfter(arrival);
      return;
    }
    if (arrival < this.#to - slack) this.#stepBack(arrival, this.#next);
    while (arrival > this.#next) {
      this.#turn(this.#next);
      if (this.#isSilent(arrival, this.#next, this.#to)) this.#skip(arrival);
      else this.#next += this.#isCalm ? Math.max(calm, this.#options.tickMs) : this.#options.tickMs;
    }
  }

  #stepBack(arrival: number, next: number): void {
    this.#turn(next);
    this.#stepsBack += 1;
    this.#next = this.#tickAfter(arrival);
  }

  /** Nobody was looking, and nothing is under way that goes on without. */
  #isSilent(arrival: number, now: number, last: number): boolean {
    if (arrival - now < hour) return false;
    return isAtRest(this.#daemon.state) || now - last >= longestSilence;
  }

  #skip(arrival: number): void {
    this.#gaps += 1;
    this.#next = this.#tickAfter(arrival);
    this.#tally.skip(this.#next);
  }

  #tickAfter(moment: number): number {
    return Math.ceil(moment / this.#options.tickMs) * this.#options.tickMs;
  }

  #turn(now: number): void {
    const decision = this.#daemon.turn(this.#waiting, now);
    this.#waiting = [];
    this.#tally.count(decision, now);
    this.#isCalm = isAtRest(this.#daemon.state) && isAllWell(decision);
    this.#beginAnew(now);
  }

  /** Once the application would have been stopped, what the input tells would not have happened. */
  #beginAnew(now: number): void {
    if (!hasIntervened(this.#daemon.state)) return;
    this.#intervenedAt ??= now;
    if (now < this.#intervenedAt + this.#options.watchFor) return;
    this.#intervenedAt = undefined;
    this.#daemon.beginAnew(assumedState(this.#options.mode));
    const reason = 'the application would have been stopped: from here on as if it had been migrated again';
    this.#anew.push({ at: now, act: 'begin anew', reason });
  }
}

const isAllWell = ({ verdicts }: Decision): boolean =>
  verdicts.every(({ verdict, told = false }) => (verdict === 'clear' || verdict === 'inconclusive') && !told);
