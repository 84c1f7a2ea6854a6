import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AccessLog } from './adapters/access-log/contract.ts';
import type { Reading } from './backup/read-files.ts';
import { configMark } from './config/fingerprint.ts';
import type { Config } from './config/schema.ts';
import type { Clock } from './core/clock.ts';
import { explain } from './core/errors.ts';
import { alarm, tell } from './engine/alarm.ts';
import { buildProbes } from './engine/build-probes.ts';
import { startDailyReport } from './engine/daily-report.ts';
import { Engine } from './engine/engine.ts';
import { examination } from './engine/examine.ts';
import { type FactSources, type Gathered, gatherFacts, judgeWritesNow, quickFacts } from './engine/gather-facts.ts';
import { type LastLookDependencies, whyCalledOff } from './engine/last-look.ts';
import { leaseHolder } from './engine/lease-holder.ts';
import { noteOnLease } from './engine/lease-notes.ts';
import { journalLedger } from './engine/ledger.ts';
import type { Memory } from './engine/memory.ts';
import { daemonsPreflight } from './engine/moved-code.ts';
import { NewestJournal } from './engine/newest-journal.ts';
import { Observer } from './engine/observer.ts';
import { openRequests } from './engine/open-requests.ts';
import { type OpenWorld, openWorld } from './engine/open-world.ts';
import { performMove } from './engine/perform-move.ts';
import { createPlanner, type Planner } from './engine/planner.ts';
import { recover } from './engine/recover.ts';
import { remembered } from './engine/remembered.ts';
import { Runs } from './engine/runs.ts';
import { stir } from './engine/stir.ts';
import { showUncountedLeaks } from './engine/uncounted-leaks.ts';
import { expectedVersion } from './engine/version.ts';
import { watchOver } from './engine/watch-over.ts';
import type { RunState } from './incident/daemon-state.ts';
import { runUnderWay } from './incident/read-state.ts';
import { stopBegan } from './incident/users-back.ts';
import type { Journal } from './journal/journal.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { EventBody } from './model/event.ts';
import type { JournalMark } from './model/journal-mark.ts';
import type { Observation, ProbeName } from './model/observation.ts';
import type { Obstacle } from './model/obstacle.ts';
import type { Verdict } from './model/verdict.ts';
import type { Version } from './model/version.ts';
import { createNotifier, type Notifier } from './notify/notifier.ts';
import type { WayIn } from './notify/way-in.ts';
import { probesAtWork } from './probes/at-work.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { LatencyBaseline } from './rules/latency-baseline.ts';
import type { Samples } from './rules/samples/samples.ts';
import { mongoHealth } from './rules/sources/databases.ts';

export interface SessionDependencies {
  readonly config: Config;
  readonly configHash: string;
  readonly memory: Memory;
  readonly journal: Pick<Journal, 'read' | 'head' | 'holds'>;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  readonly wayIn: WayIn;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that is built from one configuration; a reload disposes it and builds another on the same journal. */
export interface Session extends AsyncDisposable {
  readonly engine: Engine;
  readonly runs: Runs;
  readonly planner: Planner;
  readonly open: OpenWorld;
  readonly signal: AbortSignal;
  /** All facts of the guards, as in a breach while armed; the lease is given back. */
  readonly gatherAsArmed: (signal: AbortSignal, reading: Reading) => Promise<Gathered>;
  /** The probes that have something to look at now. */
  readonly atWork: () => readonly ProbeName[];
  /** The newest of each probe. */
  readonly observations: () => readonly Observation[];
  readonly channelTroubles: Notifier['troubles'];
  /** What the last look at the target found that a run would fail over. */
  readonly obstacles: () => readonly Obstacle[];
}

/** From its first step that stops the application on, a run proves who writes and reads what. */
const isProving = (run: RunState | undefined): boolean => run?.status === 'running' && stopBegan(run);

/** Probes that read the target's databases, or make the application read them: silent while a run proves which database the application reads. */
const databaseReaders: ReadonlySet<ProbeName> = new Set<ProbeName>(['isolation', 'synthetic', 'journeys', 'tenants']);

/** `announce`: what is written down about it once everything is built, before anything is judged. What cannot be built leaves nothing behind. */
export async function startSession(dependencies: SessionDependencies, announce?: EventBody): Promise<Session> {
  const { config, configHash, memory, recorder, clock, log } = dependencies;
  await using stack = new AsyncDisposableStack();
  const stopping = new AbortController();
  const { signal } = stopping;
  const passwordFolder = join(config.state.folder, 'passwords');
  const open = stack.use(openWorld(config, { ...worldParts(dependencies), passwordFolder }));
  const onFault = (fault: unknown) => log.error({ reason: explain(fault) }, 'a run met a fault of its own');
  const planner = createPlanner(open.world, configHash, ({ takenAt }) => dependencies.metrics.backupTaken(takenAt));
  const calledOff = (run: string, within: AbortSignal) => whyCalledOff(run, lastLook, within);
  const mark = { ...configMark(config), hash: configHash };
  const { cutoverAt } = config.migration;
  const newest = new NewestJournal(open.lease, memory);
  const runs = new Runs({ ...open, newest, memory, clock, config: mark, cutoverAt, signal, onFault, calledOff });
  const { accessLog, latencyBaseline, wanting } = await openRequests(config, log);
  const sources = factSources(dependencies, { open, planner, samples: () => engine.samples });
  const engine = createEngine(dependencies, { sources, planner, runs, latencyBaseline });
  const lastLook: LastLookDependencies = {
    memory,
    clock,
    verdicts: () => engine.verdicts(),
    writesGuard: (within) => judgeWritesNow(sources, memory.state(), clock.now(), within),
  };
  const observer = createObserver(dependencies, { open, engine, accessLog, signal });
  const notifier = await notifierOf(dependencies, () => engine.latest().verdicts);
  const working: Promise<void>[] = [];
  stack.defer(async () => {
    stopping.abort(new Error('the daemon stops'));
    await Promise.allSettled([...working, runs.idle(), engine.idle()]);
  });
  stack.defer(memory.subscribe(({ body }) => stir(body, { notifier, engine, planner, signal })));
  if (announce) memory.owe(announce);
  if (wanting !== undefined) tell(memory, 'the latency baseline is wanting', wanting);
  settlePower(dependencies);
  stack.use(
    startDailyReport({ ...dependencies, events: () => dependencies.journal.read(), daily: config.report.daily }),
  );
  working.push(noteOnLease({ memory, lease: open.lease, newest, clock, onFault }, signal));
  await recover(runs, { memory, clock, signal, log, passwordFolder });
  engine.take(remembered(recorder, config, clock.now()), signal);
  const standing = { world: open.world, memory, log, onFault };
  const examined = examination({ ...standing, clock, preflight: daemonsPreflight(open.world, memory) });
  working.push(observer.run(signal), notifier.run(signal), watchOver(standing, signal), examined.run(signal));
  const owned = stack.move();
  return {
    engine,
    runs,
    planner,
    open,
    signal,
    gatherAsArmed: (within, reading) => gatherAsArmed(dependencies, { ...sources, reading }, runs, within),
    atWork: () => probesAtWork(config, versionNow(dependencies)),
    observations: () => observer.latest(),
    channelTroubles: () => notifier.troubles(),
    obstacles: examined.obstacles,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const worldParts = ({ config, memory, journal, clock }: SessionDependencies) => ({
  clock,
  ledger: journalLedger(memory),
  holder: leaseHolder(config.state.folder),
  journal: {
    head: () => journal.head,
    holds: (mark: JournalMark) => journal.holds(mark),
    knowsRun: (run: string) => memory.state().runs.has(run),
  },
});

async function gatherAsArmed(
  { memory, clock }: SessionDependencies,
  sources: FactSources,
  runs: Runs,
  within: AbortSignal,
): Promise<Gathered> {
  const armed = { ...memory.state(), mode: 'armed', armed: undefined } as const;
  const gathered = await gatherFacts(sources, armed, clock.now(), within);
  // It was only asked whether the lease can be had.
  if (!runs.busy) await sources.lease.release(within).catch(() => {});
  return gathered;
}

/** An arming ends with the configuration that it was given under; and what the file allows is never more than what is in force. */
function settlePower({ config, configHash, memory }: SessionDependencies): void {
  const { mode, armed } = memory.state();
  const obsolete = armed && armed.configHash !== configHash;
  if (!obsolete && (mode === 'armed' || mode === config.mode)) return;
  const reason = obsolete ? 'the configuration has changed since it was armed' : 'the configuration says so';
  memory.owe({ kind: 'mode.changed', mode: config.mode, person: 'rollbackd', reason });
  if (obsolete) alarm(memory, `no longer armed: ${reason}`, 'Look at the configuration, and arm it again.');
}

interface FactParts {
  readonly open: OpenWorld;
  readonly planner: Planner;
  readonly samples: () => Samples;
}

function factSources(
  { config, configHash, clock }: SessionDependencies,
  { open, planner, samples }: FactParts,
): FactSources {
  return {
    world: open.world,
    lease: open.lease,
    planner,
    guard: config.guard,
    cutoverAt: config.migration.cutoverAt,
    configHash,
    mongo: () => mongoHealth(samples(), config.rules['database-connection'].clearFor, clock.now()),
  };
}

interface EngineParts {
  readonly sources: FactSources;
  readonly planner: Planner;
  readonly runs: Runs;
  readonly latencyBaseline: LatencyBaseline;
}

function createEngine(
  dependencies: SessionDependencies,
  { sources, planner, runs, latencyBaseline }: EngineParts,
): Engine {
  const { config, memory, metrics, clock, log } = dependencies;
  return new Engine({
    settings: { ...config, latencyBaseline },
    memory,
    clock,
    log,
    quickFacts: () => quickFacts(sources, memory.state(), clock.now()),
    gatherFacts: async (within) => {
      const { facts, draft } = await gatherFacts(sources, memory.state(), clock.now(), within);
      return { facts, plan: draft?.plan };
    },
    performMove: (move, plan) =>
      performMove(move, plan, { memory, runs, planner, watchFor: config.watch.duration, clock }),
    gatherWithin: timeToGather(config),
    onJudged: (decision) => metrics.decided(decision),
    onStuck: (reason) => alarm(memory, 'rollbackd cannot judge what it sees', reason),
  });
}

/** Beyond this a timer goes off at once. */
const longestTimer = 2 ** 31 - 1;

/** The backup and each legacy database are read whole: each may take as long as a tool may take for one of them. */
const timeToGather = ({ mongo }: Config): number =>
  Math.min(longestTimer, mongo.toolTimeout * (1 + mongo.legacyDatabases.length));

const versionNow = ({ config, memory, clock }: SessionDependencies): Version =>
  expectedVersion(memory.state(), config.migration.cutoverAt, clock.now());

interface ObserverParts {
  readonly open: OpenWorld;
  readonly engine: Engine;
  readonly accessLog: AccessLog | undefined;
  readonly signal: AbortSignal;
}

function createObserver(
  dependencies: SessionDependencies,
  { open, engine, accessLog, signal }: ObserverParts,
): Observer {
  const { config, memory, recorder, metrics, clock, log } = dependencies;
  const probeSet = () => config.probes[versionNow(dependencies)];
  const showUncounted = showUncountedLeaks({ probeSet, metrics, log, clock });
  metrics.watching(probesAtWork(config, versionNow(dependencies)));
  return new Observer({
    probes: buildProbes(open.world, {
      backup: config.backup,
      accessLog,
      slotMs: config.rules.requests.slot,
      version: () => versionNow(dependencies),
    }),
    clock,
    isQuiet: (probe) => databaseReaders.has(probe) && isProving(runUnderWay(memory.state())),
    onObservations: (observations) => {
      recorder.record(observations);
      metrics.recorderDropped(recorder.dropped);
      for (const observation of observations) metrics.observed(observation);
      showUncounted(observations);
      engine.take(observations, signal);
    },
  });
}

function notifierOf(
  { config, memory, metrics, wayIn, clock, log }: SessionDependencies,
  verdicts: () => readonly Verdict[],
): Promise<Notifier> {
  return createNotifier({
    config: config.notify,
    target: config.target.name,
    people: config.people,
    door: config.doors.slack,
    state: memory.state,
    append: memory.append,
    clock,
    log,
    wayIn,
    verdicts,
    onFailing: (channel, failing) => metrics.channelFailing(channel, failing),
  });
}
