import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import type { Move } from '../incident/moves.ts';
import { nextMoves } from '../incident/next.ts';
import { openIncidentOf } from '../incident/read-state.ts';
import type { Decision } from '../model/decision.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import { windowLimits } from '../rules/windows/limits.ts';
import { emptyWindows, remember, type Windows } from '../rules/windows/windows.ts';
import { type EngineSettings, judge } from './judge.ts';
import type { Memory } from './memory.ts';

export interface EngineDependencies {
  readonly settings: EngineSettings;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly log: Logger;
  /** Facts that need no time. */
  readonly quickFacts: () => GuardFacts;
  /** All facts, which may take minutes, and the plan as it would run now. */
  readonly gatherFacts: (signal: AbortSignal) => Promise<{ facts: GuardFacts; plan: Plan | undefined }>;
  readonly performMove: (move: Move, plan: Plan | undefined) => Promise<void>;
  readonly lookNow: (probe: ProbeName, signal: AbortSignal) => Promise<void>;
  readonly onJudged: (decision: Decision) => void;
}

/** How long gathered facts are good for: they cost a reading of all legacy databases. */
const factsAge = 60_000;
/** A chain of moves is short; a longer one is an error that must not spin. */
const mostRounds = 12;

interface GatheredFacts {
  readonly at: number;
  /** What they were gathered for: anything else needs them anew. */
  readonly occasion: string;
  readonly facts: GuardFacts;
  readonly plan: Plan | undefined;
}

/** From observations to verdicts, a decision and its moves: one round at a time, however fast observations come. */
export class Engine {
  readonly #dependencies: EngineDependencies;
  #windows: Windows;
  #gathered: GatheredFacts | undefined;
  #verdicts: readonly Verdict[] = [];
  #decision: Decision | undefined;
  #working: Promise<void> | undefined;
  #again = false;

  constructor(dependencies: EngineDependencies) {
    this.#dependencies = dependencies;
    const { rules, probes } = dependencies.settings;
    this.#windows = emptyWindows(windowLimits(rules, probes));
  }

  get windows(): Windows {
    return this.#windows;
  }

  latest(): { readonly verdicts: readonly Verdict[]; readonly decision: Decision | undefined } {
    return { verdicts: this.#verdicts, decision: this.#decision };
  }

  take(observations: readonly Observation[], signal: AbortSignal): void {
    this.#windows = remember(this.#windows, observations, this.#dependencies.clock.now());
    this.reconsider(signal);
  }

  /** Something has changed: judge anew, now or right after the round under way. */
  reconsider(signal: AbortSignal): void {
    this.#again = true;
    this.#working ??= this.#work(signal).finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when no round is under way. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.#round(signal);
      } catch (error) {
        if (!signal.aborted) this.#dependencies.log.error({ reason: explain(error) }, 'a round of judging failed');
      }
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const { decision, plan } = await this.#decide(signal);
      const outlook = { decision, planHash: plan?.hash, now: this.#dependencies.clock.now() };
      const moves = nextMoves(this.#dependencies.memory.state(), outlook);
      if (moves.length === 0 || !(await this.#performAll(moves, plan))) return;
    }
  }

  /** False where nothing came of the moves, so that asking again at once would only spin. */
  async #performAll(moves: readonly Move[], plan: Plan | undefined): Promise<boolean> {
    const { memory, performMove, log } = this.#dependencies;
    const before = memory.state().lastSeq;
    for (const move of moves) {
      try {
        await performMove(move, plan);
      } catch (error) {
        if (!(error instanceof RollbackdError)) throw error;
        log.warn({ move: move.kind, reason: explain(error) }, 'a move could not be made now');
      }
      // What follows a stop of the application is derived anew, with all facts.
      if (move.kind === 'contain' || move.kind === 'start-rollback') break;
    }
    return memory.state().lastSeq > before;
  }

  async #decide(signal: AbortSignal): Promise<{ decision: Decision; plan: Plan | undefined }> {
    const { settings, memory, clock, onJudged, quickFacts } = this.#dependencies;
    const judgement = judge({ windows: this.#windows, state: memory.state(), settings, now: clock.now() });
    this.#confirm(judgement.verdicts, signal);
    const atOnce = judgement.decide(quickFacts(), clock.now());
    const containsFirst = atOnce.action === 'contain';
    const gathered = judgement.lead && !containsFirst ? await this.#factsFor(judgement.lead, signal) : undefined;
    const decision = containsFirst ? atOnce : judgement.decide(gathered?.facts, clock.now());
    this.#verdicts = decision.verdicts;
    this.#decision = decision;
    onJudged(decision);
    return { decision, plan: gathered?.plan };
  }

  /** A suspicion is looked at again at once, when it arises; after that the probe's own pace is enough. */
  #confirm(verdicts: readonly Verdict[], signal: AbortSignal): void {
    for (const { criterion, verdict, confirmBy } of verdicts) {
      const before = this.#verdicts.find((each) => each.criterion === criterion)?.verdict;
      if (verdict === 'pending' && before !== 'pending' && confirmBy) {
        void this.#dependencies.lookNow(confirmBy, signal).catch(() => {});
      }
    }
  }

  async #factsFor(lead: CriterionName, signal: AbortSignal): Promise<Pick<GatheredFacts, 'facts' | 'plan'>> {
    const { memory, clock, quickFacts, gatherFacts } = this.#dependencies;
    const state = memory.state();
    const containment = openIncidentOf(state)?.containment.state ?? 'none';
    const { mode, armed, paused } = state;
    const occasion = JSON.stringify([lead, containment, mode, armed?.at, paused?.at, [...state.runs.keys()].at(-1)]);
    const known = this.#gathered;
    const fresh = known && known.occasion === occasion && clock.monotonic() - known.at < factsAge;
    if (!fresh) {
      this.#gathered = { ...(await gatherFacts(signal)), at: clock.monotonic(), occasion };
    }
    const { facts, plan } = this.#gathered ?? { facts: quickFacts(), plan: undefined };
    return { facts: { ...facts, ...powerOf(quickFacts()) }, plan };
  }
}

/** What the journal and the clock say is always taken fresh. */
function powerOf({
  now,
  mode,
  armed,
  paused,
  runUnderWay,
  lastRollback,
  configHash,
  mongo,
}: GuardFacts): Partial<GuardFacts> {
  return { now, mode, armed, paused, runUnderWay, lastRollback, configHash, mongo };
}
