import type { World, WorldFor } from '../actions/world.ts';
import type { Lease } from '../adapters/mongo/contract.ts';
import type { Clock } from '../core/clock.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { RunState } from '../incident/daemon-state.ts';
import { isRefusal } from '../journal/journal.ts';
import type { ConfigMark } from '../model/config-mark.ts';
import type { Authority } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { buildContainment } from '../rollback/containment.ts';
import { executeRun, type PutBack } from '../rollback/run.ts';
import { fencedWorld } from './fenced-world.ts';
import { expectItsConfiguration } from './its-configuration.ts';
import { leaseTtl } from './lease-ttl.ts';
import { endLeftovers, leftovers, tellOfSurvivor } from './leftovers.ts';
import type { Memory } from './memory.ts';
import type { NewestJournal } from './newest-journal.ts';
import { putBack } from './release.ts';
import { isUntouched, lastActivity, staysStopped, stepHistory } from './run-past.ts';
import { takeUp } from './take-up.ts';
import { isHeld, type Leased, underLease } from './under-lease.ts';

export interface RunsDependencies {
  readonly memory: Memory;
  readonly worldFor: WorldFor;
  readonly world: World;
  readonly lease: Lease;
  readonly newest: Pick<NewestJournal, 'expect' | 'expectFor'>;
  readonly clock: Clock;
  readonly config: ConfigMark;
  /** The cut-over that a rollback rolls back from. */
  readonly cutoverAt: number;
  /** Aborted when the daemon stops: a run under way is left to be resumed. */
  readonly signal: AbortSignal;
  readonly onFault: (fault: unknown) => void;
  /** Why a prepared rollback must not stop the application after all. */
  readonly calledOff: (run: string, signal: AbortSignal) => Promise<string | undefined>;
}

export interface StartRequest {
  readonly plan: Plan;
  readonly authority: Authority;
  readonly incident: string | undefined;
  /** A person gives up what another daemon has left on the target. */
  readonly takeOver?: boolean;
}

const retryEvery = 1_000;
/** A supervisor has started a daemon again long before; after this people have looked for themselves. */
const outdatedAfter = 15 * 60_000;

/** One run at a time, from its start (or its resume) to its end. */
export class Runs {
  readonly #dependencies: RunsDependencies;
  #underWay: Promise<void> | undefined;
  /** Leftovers of earlier runs that are being ended beside a containment. */
  #ending: Promise<void> | undefined;

  constructor(dependencies: RunsDependencies) {
    this.#dependencies = dependencies;
  }

  get busy(): boolean {
    return this.#underWay !== undefined;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all([this.#underWay, this.#ending]);
  }

  /**
   * Stops the application and shows maintenance; needs neither backup nor lease, and waits for nothing that was left behind.
   * Errors: RollbackdError `lease-held` where the target says that this journal is an older one, `run-under-way`.
   */
  async contain(incident: string, authority: Authority, { takeOver = false } = {}): Promise<string> {
    const { world, config, newest, signal } = this.#dependencies;
    this.#refuseWhenBusy();
    if (!takeOver) await newest.expectFor(incident, signal);
    this.#endLeftoversBeside();
    return this.#begin({ plan: buildContainment(world, config.hash), authority, incident });
  }

  /** Errors: RollbackdError `lease-held` where another daemon acts on this target, `orphan-survives`, `run-under-way`. */
  async rollBack(request: StartRequest): Promise<string> {
    const { lease, signal } = this.#dependencies;
    this.#refuseWhenUnwritable();
    await this.#endLeftovers();
    const { epoch } = await lease.acquire(leaseTtl, signal, { takeOver: request.takeOver === true });
    return this.#begin(request, epoch);
  }

  /** Something else that must not happen while a run does, nor beside what one left: a run is refused until it has ended. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseWhenBusy();
    const done = this.#endLeftovers().then(work);
    this.#underWay = done.then(
      () => {},
      () => {},
    );
    try {
      return await done;
    } finally {
      this.#underWay = undefined;
    }
  }

  /**
   * Goes on with a run that failed or was interrupted.
   * Errors: RollbackdError `config-changed`, `lease-held`, `orphan-survives`, `run-under-way`.
   */
  async resume(run: RunState, person: string | undefined): Promise<void> {
    this.#refuseWhenBusy();
    const { memory, config, lease, newest, signal } = this.#dependencies;
    this.#refuseWhenUnwritable();
    expectItsConfiguration(run, config, person);
    let epoch: number | undefined;
    if (run.plan.kind === 'rollback') {
      await this.#endLeftovers();
      // By itself only where nobody else has had the target since it was cut off.
      const before = person === undefined ? run.epoch : undefined;
      ({ epoch } = await lease.acquire(leaseTtl, signal, { epoch: before }));
      this.#refuseWhenBusy();
    } else {
      await newest.expect(signal);
      this.#refuseWhenBusy();
      this.#endLeftoversBeside();
    }
    const taken = run.configHash === config.hash ? {} : { configHash: config.hash };
    const turn = epoch === undefined ? {} : { epoch };
    memory.append({ kind: 'run.resumed', run: run.run, ...(person && { person }), ...taken, ...turn });
    this.#execute(run.run, run.plan, epoch);
  }

  /** At start: what an earlier process left running is ended and proven gone; a run it was in goes on, unless acting is paused. */
  async recover(): Promise<void> {
    const { memory, clock } = this.#dependencies;
    const { runs, paused } = memory.state();
    const interrupted = [...runs.values()].find(({ status }) => status === 'interrupted' || status === 'running');
    const isPaused = paused !== undefined && clock.now() < paused.until;
    // A containment that goes on does not wait for it.
    if (isPaused || interrupted?.plan.kind !== 'containment')
      await endLeftovers(leftovers(this.#dependencies), this.#dependencies);
    if (!interrupted) return;
    if (this.#isOutdated(interrupted)) {
      const reason = 'it was cut off in its preparation a while ago, and whoever wanted it may think otherwise by now';
      memory.append({ kind: 'run.finished', run: interrupted.run, outcome: 'failed', reason });
      return;
    }
    this.#refuseWhenPaused();
    await this.resume(interrupted, undefined);
  }

  /** A person's rollback of a while ago that has stopped nothing yet: it is not taken up behind their back. */
  #isOutdated(run: RunState): boolean {
    const { memory, clock } = this.#dependencies;
    if (run.authority.by !== 'person' || !isUntouched(memory.state(), run)) return false;
    return clock.now() - lastActivity(run) > outdatedAfter;
  }

  /**
   * A program of an earlier step that could not be ended may wake, and drop what users have been let in to since: nothing
   * that changes data begins while one lives.
   */
  async #endLeftovers(): Promise<void> {
    this.#refuseWhenBusy();
    const children = leftovers(this.#dependencies);
    try {
      await endLeftovers(children, this.#dependencies);
    } catch (fault) {
      tellOfSurvivor(fault, children, this.#dependencies);
      throw fault;
    }
  }

  /** A containment touches no data, and each second of it counts: what cannot be ended hinders only what comes after. */
  #endLeftoversBeside(): void {
    this.#ending = this.#endLeftovers().catch((fault: unknown) => this.#dependencies.onFault(fault));
  }

  #begin({ plan, authority, incident }: StartRequest, epoch?: number): string {
    this.#refuseWhenBusy();
    this.#refuseWhenPaused();
    const { memory, clock, config, cutoverAt, signal } = this.#dependencies;
    signal.throwIfAborted();
    const run = newId('run', clock.now());
    const turn = epoch === undefined ? {} : { epoch };
    memory.append({
      kind: 'run.started',
      run,
      plan,
      authority,
      ...(incident && { incident }),
      config,
      cutoverAt,
      ...turn,
    });
    this.#execute(run, plan, epoch);
    return run;
  }

  #refuseWhenBusy(): void {
    if (this.busy) {
      throw new RollbackdError('run-under-way', 'a run is under way already', {
        remedy: 'follow it with `rollbackd status`',
      });
    }
  }

  /** Before anything is taken or ended on the word of a journal that may not be the last one. */
  #refuseWhenUnwritable(): void {
    const { refusal } = this.#dependencies.memory;
    if (refusal) throw refusal;
  }

  /** Asked in the same turn as the run is written down: a pause may have come while the lease was waited for. */
  #refuseWhenPaused(): void {
    const { memory, clock } = this.#dependencies;
    const { paused } = memory.state();
    if (!paused || clock.now() >= paused.until) return;
    throw new RollbackdError('paused', `${paused.person} paused acting: ${paused.reason}`, {
      remedy: 'unpause, then `rollbackd resume`',
    });
  }

  #execute(run: string, plan: Plan, epoch: number | undefined): void {
    const { signal } = this.#dependencies;
    const work = epoch === undefined ? this.#steps(run, plan, undefined) : this.#stepsUnderLease(run, plan, epoch);
    this.#underWay = work
      .catch((fault: unknown) => (signal.aborted ? undefined : this.#cutOff(run, fault)))
      .catch(() => {})
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  /** The run has lost its executor: said as soon as it can be. One that only the journal has cut off goes on then, as after a crash. */
  async #cutOff(run: string, fault: unknown): Promise<void> {
    const { memory, clock, signal, onFault } = this.#dependencies;
    onFault(fault);
    const reason = explain(fault);
    const interrupted = { kind: 'run.interrupted', run, reason } as const;
    const given = isHeld(fault) ? ([{ kind: 'run.finished', run, outcome: 'failed', reason }] as const) : [];
    while (memory.state().runs.get(run)?.status === 'running') {
      try {
        if (memory.writable) memory.append(interrupted, ...given);
        else await clock.sleep(retryEvery, signal);
      } catch {
        await clock.sleep(retryEvery, signal);
      }
    }
    if (isRefusal(fault)) void takeUp(this, this.#dependencies);
  }

  #steps(run: string, plan: Plan, leased: Leased | undefined): Promise<void> {
    const { memory, worldFor, clock, calledOff, signal } = this.#dependencies;
    const history = () => stepHistory(memory.state().runs.get(run));
    const incident = memory.state().runs.get(run)?.incident;
    const fenced: WorldFor = (origin) => (leased ? fencedWorld(worldFor(origin), leased.fence) : worldFor(origin));
    const putBack = (id: string, within: AbortSignal) => this.#putBack(fenced, id, within);
    const within = {
      journal: memory,
      worldFor: fenced,
      clock,
      calledOff,
      putBack,
      ...(leased && { fence: leased.fence }),
    };
    return executeRun({ run, plan, incident, history }, within, leased?.signal ?? signal);
  }

  /** Not over a leak: users are better off without the application than with each other's data. */
  async #putBack(worldFor: WorldFor, run: string, signal: AbortSignal): Promise<PutBack> {
    const { memory } = this.#dependencies;
    if (staysStopped(memory.state(), run))
      return { done: false, said: 'the application stays stopped, since it leaks' };
    try {
      const undone = await putBack(worldFor, run, signal);
      return undone === undefined ? { done: true } : { done: true, said: `it serves again, but ${undone}` };
    } catch (error) {
      signal.throwIfAborted();
      return { done: false, said: `it could not be put back: ${explain(error)}` };
    }
  }

  async #stepsUnderLease(run: string, plan: Plan, epoch: number): Promise<void> {
    const { lease, signal, onFault } = this.#dependencies;
    await underLease(this.#dependencies, epoch, (leased) => this.#steps(run, plan, leased));
    // Only after an end: a run that was interrupted is ours to resume.
    await lease.release(signal).catch((fault: unknown) => onFault(fault));
  }
}
