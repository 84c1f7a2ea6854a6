import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { configMark } from '../../src/config/fingerprint.ts';
import { faultText, loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { systemClock } from '../../src/core/clock.ts';
import { journalLedger } from '../../src/engine/ledger.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import { NewestJournal } from '../../src/engine/newest-journal.ts';
import { type OpenWorld, openWorld } from '../../src/engine/open-world.ts';
import { createPlanner, type Planner } from '../../src/engine/planner.ts';
import { releaseContainment } from '../../src/engine/release.ts';
import { Runs } from '../../src/engine/runs.ts';
import type { RunState } from '../../src/incident/daemon-state.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { JournalMark } from '../../src/model/journal-mark.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Changes, writeChangedConfig } from './changed-config.ts';

/** The daemon's pipeline in this process, on a real target, with a journal of its own: runs, and nobody who looks. */
export interface Pipeline extends AsyncDisposable {
  readonly config: Config;
  readonly memory: Memory;
  readonly open: OpenWorld;
  readonly planner: Planner;
  /** Plans what this pipeline is configured for. */
  plan(): Promise<Plan>;
  /** To the end of the run, whatever that is. */
  rollBack(plan: Plan): Promise<RunState>;
  /** The application started and served again, as it was. */
  release(): Promise<void>;
}

const never = new AbortController().signal;
const nobody = { mode: 'approve', webhookUrl: 'http://127.0.0.1:9/', httpPort: 1 } as const;

export async function openPipeline(sandbox: Sandbox, name: string, changes: Changes = {}): Promise<Pipeline> {
  const { config, hash } = await load(sandbox, name, changes);
  await using stack = new AsyncDisposableStack();
  const folder = join(config.state.folder, name);
  mkdirSync(folder, { recursive: true });
  const journal = stack.use(openJournal({ file: join(folder, 'journal.db'), clock: systemClock }));
  const memory = openMemory(journal, 'approve');
  memory.append({ kind: 'daemon.started', version: 'test', configHash: hash, pid: process.pid });
  const itsJournal = {
    head: () => journal.head,
    holds: (mark: JournalMark) => journal.holds(mark),
    knowsRun: (run: string) => memory.state().runs.has(run),
  };
  const shared = { clock: systemClock, ledger: journalLedger(memory), holder: name, journal: itsJournal };
  const open = stack.use(openWorld(config, { ...shared, passwordFolder: join(folder, 'passwords') }));
  const planner = createPlanner(open.world, hash);
  const onFault = (fault: unknown) => {
    throw fault;
  };
  const calledOff = async () => undefined;
  const mark = configMark(config);
  const world = { ...open, memory, newest: new NewestJournal(open.lease, memory), clock: systemClock };
  const runs = new Runs({ ...world, config: mark, cutoverAt: 0, signal: never, onFault, calledOff });
  const owned = stack.move();
  return {
    config,
    memory,
    open,
    planner,
    plan: async () => (await planner.draft(never)).plan,
    rollBack: (plan) => rollBack(runs, memory, plan),
    release: () => releaseContainment(open.worldFor, 'test', never),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function load(sandbox: Sandbox, name: string, changes: Changes) {
  const loaded = loadConfig(await writeChangedConfig(sandbox, name, nobody, changes), process.env);
  if (loaded.status === 'invalid') throw new Error(loaded.faults.map(faultText).join('\n'));
  return loaded;
}

async function rollBack(runs: Runs, memory: Memory, plan: Plan): Promise<RunState> {
  const authority = { by: 'person', person: 'test', role: 'senior-engineer', reason: 'test' } as const;
  const id = await runs.rollBack({ plan, authority, incident: undefined });
  await runs.idle();
  const run = memory.state().runs.get(id);
  if (!run) throw new Error(`the journal does not know ${id}`);
  return run;
}

/** The step at which a run failed, and how. */
export function failureOf(run: RunState): { step: string; reason: string; message: string } | undefined {
  for (const [step, attempts] of run.steps) {
    const last = attempts.at(-1);
    if (last?.status === 'failed') return { step, reason: last.failure.reason, message: last.failure.message };
  }
  return undefined;
}
