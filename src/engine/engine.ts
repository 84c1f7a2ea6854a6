import type { Logger } from 'pino';
import { formatDuration } from '../core/duration.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import type { Move } from '../incident/moves.ts';
import { nextMoves } from '../incident/next.ts';
import { runUnderWay } from '../incident/read-state.ts';
import type { Blindness } from '../model/blindness.ts';
import type { Decision } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { outlineOf } from '../model/plan-outline.ts';
import type { Verdict } from '../model/verdict.ts';
import { moved } from '../rules/samples/clock.ts';
import { sampleLimits } from '../rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../rules/samples/samples.ts';
import { alarm } from './alarm.ts';
import { type FactsDependencies, FactsKeeper } from './facts-keeper.ts';
import { type EngineSettings, type Judgement, judge } from './judge.ts';

export interface EngineDependencies extends FactsDependencies {
  readonly settings: EngineSettings;
  readonly log: Logger;
  readonly performMove: (move: Move, plan: Plan | undefined) => Promise<void>;
  readonly onJudged: (decision: Decision) => void;
  /** Called once when round after round fails. */
  readonly onStuck: (reason: string) => void;
}

interface Decided {
  readonly decision: Decision;
  readonly plan: Plan | undefined;
  readonly blind: readonly Blindness[];
}

/** Observations come every few seconds: judging that is this long ago has stopped. */
const oldestRound = 120_000;
/** A chain of moves is short; a longer one is an error that must not spin. */
const mostRounds = 12;
/** The wall clock that is put right by less between two looks was not set. */
const clockDrift = 2_000;
/** So many rounds that fail one after the other are no accident. */
const tooManyFailures = 5;

/** From observations to verdicts, a decision and its moves: one round at a time, however fast observations come. */
export class Engine {
  readonly #dependencies: EngineDependencies;
  #samples: Samples;
  readonly #facts: FactsKeeper;
  #verdicts: readonly Verdict[] = [];
  #decision: Decision | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #saidAside = '';
  #lastRound: number;
  /** Between the wall clock and one that nobody can set. */
  #offset: number;

  constructor(dependencies: EngineDependencies) {
    this.#dependencies = dependencies;
    const { rules, probes } = dependencies.settings;
    this.#samples = emptySamples(sampleLimits(rules, probes));
    this.#facts = new FactsKeeper(dependencies, (signal) => this.reconsider(signal));
    this.#lastRound = dependencies.clock.monotonic();
    this.#offset = dependencies.clock.now() - this.#lastRound;
  }

  get samples(): Samples {
    return this.#samples;
  }

  /** As the criteria judge at this moment. */
  verdicts(): readonly Verdict[] {
    const { settings, memory, clock } = this.#dependencies;
    return judge({ samples: this.#samples, state: memory.state(), settings, now: clock.now() }).verdicts;
  }

  latest(): { readonly verdicts: readonly Verdict[]; readonly decision: Decision | undefined } {
    return { verdicts: this.#verdicts, decision: this.#decision };
  }

  take(observations: readonly Observation[], signal: AbortSignal): void {
    const now = this.#followClock();
    this.#samples = remember(this.#samples, observations, now);
    this.reconsider(signal);
  }

  /** Where somebody has set the wall clock, what is remembered moves along, so that durations stay what they were. */
  #followClock(): number {
    const { clock } = this.#dependencies;
    const now = clock.now();
    const offset = now - clock.monotonic();
    const by = Math.round(offset - this.#offset);
    this.#offset = offset;
    if (Math.abs(by) > clockDrift) this.#samples = moved(this.#samples, { before: now - by, by });
    return now;
  }

  /** Something has changed: judge anew, now or right after the round under way. */
  reconsider(signal: AbortSignal): void {
    this.#again = true;
    this.#working ??= this.#work(signal).finally(() => {
      this.#working = undefined;
      if (this.#again && !signal.aborted) this.reconsider(signal);
    });
  }

  /** A run has begun: whatever reads the databases for a decision ends. */
  giveWay(): void {
    this.#facts.giveWay();
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
        this.#failures = 0;
        this.#lastRound = this.#dependencies.clock.monotonic();
      } catch (error) {
        if (!signal.aborted) this.#failed(error);
      }
    }
  }

  /** Whether what is seen is still judged. */
  health(): { readonly ok: boolean; readonly detail: string } {
    const age = Math.round(this.#dependencies.clock.monotonic() - this.#lastRound);
    if (this.#failures >= tooManyFailures) return { ok: false, detail: `${this.#failures} rounds of judging failed` };
    return { ok: age < oldestRound, detail: `last judged ${formatDuration(age)} ago` };
  }

  #failed(error: unknown): void {
    const { log, onStuck } = this.#dependencies;
    this.#failures += 1;
    log.error({ reason: explain(error) }, 'a round of judging failed');
    if (this.#failures !== tooManyFailures) return;
    try {
      onStuck(explain(error));
    } catch (fault) {
      log.error({ reason: explain(fault) }, 'that judging fails could not be told');
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const decided = this.#decide(signal);
      if (!decided) return;
      const { decision, plan, blind } = decided;
      const { clock, settings } = this.#dependencies;
      const planned = plan && { plan: outlineOf(plan) };
      const escalation = settings.notify?.escalation;
      const { flapping } = settings.rules;
      const { cutoverAt } = settings.migration;
      const outlook = {
        decision,
        planHash: plan?.hash,
        ...planned,
        escalation,
        flapping,
        blind,
        cutoverAt,
        now: clock.now(),
      };
      const moves = nextMoves(this.#dependencies.memory.state(), outlook);
      if (moves.length === 0 || !(await this.#performAll(moves, plan))) return;
    }
  }

  /** False where nothing came of the moves, so that asking again at once would only spin. */
  async #performAll(moves: readonly Move[], plan: Plan | undefined): Promise<boolean> {
    const { memory, performMove } = this.#dependencies;
    const before = memory.state().lastSeq;
    for (const move of moves) {
      try {
        await performMove(move, plan);
      } catch (error) {
        if (!(error instanceof RollbackdError)) throw error;
        this.#tellAside(move, error);
      }
      // What follows a stop of the application is derived anew, with all facts.
      if (move.kind === 'contain' || move.kind === 'start-rollback') break;
    }
    return memory.state().lastSeq > before;
  }

  /** Where no incident can be opened people hear of it all the same: each time that it is something else. */
  #tellAside(move: Move, error: RollbackdError): void {
    const { log, memory } = this.#dependencies;
    log.warn({ move: move.kind, reason: explain(error) }, 'a move could not be made now');
    const said = memory.writable ? undefined : wordsOf(move);
    if (said === undefined || said.subject === this.#saidAside) return;
    this.#saidAside = said.subject;
    alarm(memory, said.subject, `The journal cannot be written, so nothing is done about it.\n${said.text}`);
  }

  /** Undefined while the facts that the guards ask about are being gathered for the first time. */
  #decide(signal: AbortSignal): Decided | undefined {
    const { settings, memory, clock, quickFacts } = this.#dependencies;
    const judgement = judge({ samples: this.#samples, state: memory.state(), settings, now: clock.now() });
    this.#verdicts = judgement.verdicts;
    const atOnce = judgement.decide(quickFacts(), clock.now());
    // While a run is under way nothing else is begun, and reading the databases would disturb its proofs.
    const busy = runUnderWay(memory.state()) !== undefined;
    if (!judgement.lead || busy || atOnce.action === 'contain') return this.#settle(judgement, atOnce, undefined);
    const kept = this.#facts.factsFor(judgement.lead, signal);
    if (!kept) return undefined;
    const decision = judgement.decide(kept.facts, clock.now());
    if (decision.action === 'rollback' && !kept.fresh) {
      this.#facts.gather(judgement.lead, signal);
      return undefined;
    }
    return this.#settle(judgement, decision, kept.plan);
  }

  #settle({ blind }: Judgement, decision: Decision, plan: Plan | undefined): Decided {
    this.#verdicts = decision.verdicts;
    this.#decision = decision;
    this.#dependencies.onJudged(decision);
    return { decision, plan, blind };
  }
}

function wordsOf(move: Move): { readonly subject: string; readonly text: string } | undefined {
  if (move.kind === 'tell') return move;
  if (move.kind !== 'open-incident' && move.kind !== 'record-decision') return undefined;
  const { action, criterion, tier, reasonsFor, reasonsAgainst } = move.decision;
  const text = [...reasonsFor.map((reason) => `+ ${reason}`), ...reasonsAgainst.map((reason) => `- ${reason}`)];
  return { subject: `${criterion} (${tier}): ${action}`, text: text.join('\n') };
}
