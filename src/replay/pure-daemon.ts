import type { Decision } from '../model/decision.ts';
import type { Authority, EventBody, JournalEvent } from '../model/event.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import {
  type DaemonState,
  type EngineSettings,
  eventsOf,
  fold,
  type GuardFacts,
  type Judgement,
  judge,
  type Move,
  nextMoves,
  nothingSeen,
  permits,
  type RunState,
  remember,
  runUnderWay,
  type Samples,
} from './pure-half.ts';

/** What the pure half asks of the world around it, made up by whoever drives it. */
export interface Surroundings {
  /** Asked anew at each turn. */
  readonly settings: () => EngineSettings;
  readonly facts: (known: Known, now: number) => GuardFacts;
  /** Of the rollback plan as it would run now; absent where none can be made. */
  readonly planHash: () => string | undefined;
  readonly planOf: (kind: Plan['kind']) => Plan;
  /** What a run that is under way writes down by now. */
  readonly runGoesOn: (run: RunState, now: number) => readonly EventBody[];
  readonly watchFor: number;
  readonly onEvent?: (event: JournalEvent, state: DaemonState) => void;
  readonly onMove?: (move: Move, now: number) => void;
  /** A state that refuses what was derived from it is a fault of ours. */
  readonly onRefused: (refusal: string, now: number) => void;
}

export interface Known {
  readonly state: DaemonState;
  readonly samples: Samples;
}

interface Decided {
  readonly decision: Decision;
  readonly blind: Judgement['blind'];
}

/** A chain of moves is short; a longer one is an error that must not spin. */
const mostMoves = 12;

/**
 * The daemon without effects: it remembers, judges, decides and writes down as the real one does, with time and
 * everything else from outside. The same input gives the same events, whenever it is run.
 */
export class PureDaemon implements Known {
  readonly #around: Surroundings;
  state: DaemonState;
  samples: Samples;
  #serials = { incident: 0, run: 0 };

  constructor(around: Surroundings, state: DaemonState) {
    this.#around = around;
    this.state = state;
    this.samples = nothingSeen(around.settings());
  }

  /** One round: what has been seen since the last, then whatever follows from it. Gives what it was decided on. */
  turn(observations: readonly Observation[], now: number): Decision {
    this.samples = remember(this.samples, observations, now);
    const run = runUnderWay(this.state);
    if (run) this.append(now, ...this.#around.runGoesOn(run, now));
    const first = this.#decide(now);
    this.#act(first, now);
    return first.decision;
  }

  append(now: number, ...bodies: readonly EventBody[]): void {
    for (const body of bodies) {
      const refusal = permits(this.state, body);
      if (refusal) {
        this.#around.onRefused(`${body.kind}: ${refusal}`, now);
        continue;
      }
      const event = { seq: this.state.lastSeq + 1, at: now, body, hash: '' };
      this.state = fold(this.state, event);
      this.#around.onEvent?.(event, this.state);
    }
  }

  /** As after a restart: what was seen is gone, what was written down stays. */
  forget(): void {
    this.samples = nothingSeen(this.#around.settings());
  }

  /** As a new daemon on a new journal; incidents and runs are counted on. */
  beginAnew(state: DaemonState): void {
    this.state = state;
    this.forget();
  }

  #act(first: Decided, now: number): void {
    let decided = first;
    for (let count = 0; count < mostMoves; count += 1) {
      const { notify, rules } = this.#around.settings();
      const planHash = this.#around.planHash();
      const outlook = { ...decided, now, planHash, escalation: notify?.escalation, flapping: rules.flapping };
      const [move] = nextMoves(this.state, outlook);
      const before = this.state.lastSeq;
      if (move) this.#perform(move, now);
      if (this.state.lastSeq === before) return;
      decided = this.#decide(now);
    }
    this.#around.onRefused('the moves do not come to rest', now);
  }

  #decide(now: number): Decided {
    const settings = this.#around.settings();
    const { lead, decide, blind } = judge({ samples: this.samples, state: this.state, settings, now });
    const facts = lead === undefined ? undefined : this.#around.facts(this, now);
    return { decision: decide(facts, now), blind };
  }

  #perform(move: Move, now: number): void {
    this.#around.onMove?.(move, now);
    switch (move.kind) {
      case 'contain':
        this.#startRun('containment', move, now);
        break;
      case 'start-rollback':
        this.#startRun('rollback', move, now);
        break;
      case 'start-watch':
        this.append(now, { kind: 'watch.started', run: move.run, until: now + this.#around.watchFor });
        break;
      case 'close-watch':
        this.append(now, { kind: 'watch.closed', run: move.run, summary: {} });
        break;
      default:
        this.append(now, ...eventsOf(move, `incident-${this.#next(move)}`));
    }
  }

  #next({ kind }: Move): number {
    if (kind === 'open-incident') this.#serials.incident += 1;
    return this.#serials.incident;
  }

  #startRun(kind: Plan['kind'], { incident, authority }: { incident: string; authority: Authority }, now: number) {
    this.#serials.run += 1;
    const run = `run-${this.#serials.run}`;
    this.append(now, { kind: 'run.started', run, incident, plan: this.#around.planOf(kind), authority });
  }
}
