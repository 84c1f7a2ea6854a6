import type { Lease, LeaseNotes } from '../../src/adapters/mongo/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import { NewestJournal } from '../../src/engine/newest-journal.ts';
import { Runs } from '../../src/engine/runs.ts';
import type { Journal, JournalError } from '../../src/journal/journal.ts';
import type { ConfigMark } from '../../src/model/config-mark.ts';
import type { Authority, EventBody } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { openTarget } from '../actions/target.ts';
import type { Target } from '../actions/target-state.ts';
import { planFor, readsAsItShould } from '../rollback/stage.ts';
import { memoryJournal } from './memory-journal.ts';

export const byPerson: Authority = {
  by: 'person',
  person: 'sari',
  role: 'on-call-lead',
  reason: 'the menus are mixed',
};

export interface RunsStage extends Disposable {
  readonly target: Target;
  readonly memory: Memory;
  readonly runs: Runs;
  readonly plan: Plan;
  readonly faults: unknown[];
  readonly leased: string[];
  readonly stop: AbortController;
}

/** What the plans of this stage are made under. */
export const itsConfig: ConfigMark = {
  hash: 'config',
  binding: 'b',
  parts: { 'mongo.legacy.host': '1', 'code.legacyRef': '1' },
};

export interface RunsSituation {
  readonly past?: (plan: Plan) => readonly EventBody[];
  readonly config?: ConfigMark;
  readonly lease?: Partial<Lease>;
  /** What the target says of the journal. */
  readonly unknown?: LeaseNotes['unknown'];
  /** What the journal refuses to be written with, for as long as it does. */
  readonly disk?: { readonly fault: JournalError | undefined };
  /** Why nothing is to be stopped after all. */
  readonly calledOff?: string;
  /** Time as the journal has it; the target's own by default. */
  readonly now?: () => number;
}

export const leaseHeld = () => Promise.reject(new RollbackdError('lease-held', 'another daemon may act'));

function refusing(journal: Journal, disk: { readonly fault: JournalError | undefined }): Journal {
  return {
    ...journal,
    append(...bodies) {
      if (disk.fault) throw disk.fault;
      return journal.append(...bodies);
    },
    get writable() {
      return disk.fault === undefined;
    },
    get refusal() {
      return disk.fault;
    },
  };
}

/** The runs of a daemon on a target of plain objects. */
export async function runsOn(situation: RunsSituation = {}): Promise<RunsStage> {
  const { past, config = itsConfig, lease = {}, disk = { fault: undefined }, calledOff } = situation;
  const target = openTarget();
  const { now = () => target.clock.now() } = situation;
  readsAsItShould(target);
  const plan = await planFor(target);
  const memory = openMemory(refusing(memoryJournal(past?.(plan), now), disk), 'approve');
  const faults: unknown[] = [];
  const leased: string[] = [];
  const stop = new AbortController();
  const counted: Lease = {
    async acquire() {
      leased.push('acquire');
      return { heldBy: 'us', mine: true, epoch: 1 };
    },
    async release() {
      leased.push('release');
    },
    ...lease,
  };
  const runs = new Runs({
    memory,
    worldFor: () => target.world,
    world: target.world,
    lease: counted,
    newest: new NewestJournal({ unknown: situation.unknown ?? (async () => undefined) }, memory),
    clock: target.clock,
    config,
    cutoverAt: 0,
    signal: stop.signal,
    onFault: (fault) => faults.push(fault),
    calledOff: async () => calledOff,
  });
  return { target, memory, runs, plan, faults, leased, stop, [Symbol.dispose]: () => target[Symbol.dispose]() };
}

/** A run that a daemon began and did not end: the step was under way when it died. */
export function cutOff(plan: Plan, step: string, configHash = 'config'): EventBody[] {
  const before = plan.steps.slice(
    0,
    plan.steps.findIndex(({ id }) => id === step),
  );
  const done = before.flatMap(({ id }): EventBody[] => [
    { kind: 'step.started', run: 'run-0', step: id, attempt: 1 },
    { kind: 'step.succeeded', run: 'run-0', step: id, attempt: 1, tookMs: 1, evidence: {} },
  ]);
  const started: EventBody = { kind: 'daemon.started', version: '0', configHash, pid: 1 };
  return [
    started,
    { kind: 'run.started', run: 'run-0', plan, authority: byPerson, config: itsConfig },
    ...done,
    { kind: 'step.started', run: 'run-0', step, attempt: 1 },
    { ...started, pid: 2 },
  ];
}
