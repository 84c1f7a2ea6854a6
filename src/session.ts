import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AccessLog } from './adapters/access-log/contract.ts';
import { nginxAccessLog } from './adapters/access-log/nginx-log.ts';
import { knownLatencies } from './baseline/latency.ts';
import type { Config } from './config/schema.ts';
import type { Clock } from './core/clock.ts';
import { explain } from './core/errors.ts';
import { buildProbes } from './engine/build-probes.ts';
import { Engine } from './engine/engine.ts';
import { type FactSources, gatherFacts, judgeWritesNow, quickFacts } from './engine/gather-facts.ts';
import { type LastLookDependencies, whyCalledOff } from './engine/last-look.ts';
import { journalLedger } from './engine/ledger.ts';
import type { Memory } from './engine/memory.ts';
import { Observer } from './engine/observer.ts';
import { type OpenWorld, openWorld } from './engine/open-world.ts';
import { performMove } from './engine/perform-move.ts';
import { createPlanner, type Planner } from './engine/planner.ts';
import { Runs } from './engine/runs.ts';
import { expectedVersion } from './engine/version.ts';
import { watchOver } from './engine/watch-over.ts';
import type { RunState } from './incident/daemon-state.ts';
import { runUnderWay } from './incident/read-state.ts';
import { stopBegan } from './incident/users-back.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { EventKind } from './model/event.ts';
import type { Observation, ProbeName } from './model/observation.ts';
import { logChannel } from './notify/channels/log.ts';
import { webhookChannel } from './notify/channels/webhook.ts';
import { Outbox } from './notify/outbox.ts';
import { routeOfGood } from './probes/requests.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { LatencyBaseline } from './rules/latency-baseline.ts';
import { mongoHealth } from './rules/windows/mongo.ts';
import type { Windows } from './rules/windows/windows.ts';

export interface SessionDependencies {
  readonly config: Config;
  readonly configHash: string;
  readonly memory: Memory;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
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
  /** The newest of each probe. */
  readonly observations: () => readonly Observation[];
}

/** Events that people or runs cause and that call for judging anew at once. */
const stirring: ReadonlySet<EventKind> = new Set<EventKind>([
  'approval.answered',
  'acting.unpaused',
  'mode.armed',
  'mode.changed',
  'containment.released',
  'run.finished',
  'run.acknowledged',
]);

/** From its first step that stops the application on, a run proves who writes and reads what. */
const isProving = (run: RunState | undefined): boolean => run?.status === 'running' && stopBegan(run);

/** Probes that read the target's databases: silent while a run proves which database the application reads. */
const databaseReaders: ReadonlySet<ProbeName> = new Set<ProbeName>(['isolation', 'tenants']);

export async function startSession(dependencies: SessionDependencies): Promise<Session> {
  const { config, configHash, memory, recorder, clock, log } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  const holder = `${hostname()}:${join(config.state.folder, config.target.name)}`;
  const open = openWorld(config, { clock, ledger: journalLedger(memory), holder });
  const onFault = (fault: unknown) => log.error({ reason: explain(fault) }, 'a run met a fault of its own');
  const planner = createPlanner(open.world, configHash);
  const calledOff = (run: string, within: AbortSignal) => whyCalledOff(run, lastLook, within);
  const runs = new Runs({ ...open, memory, clock, configHash, signal, onFault, calledOff });
  const looking: Looking = { lookNow: () => Promise.resolve(), latest: new Map() };
  const { accessLog, latencyBaseline } = await openRequests(dependencies);
  const sources = factSources(dependencies, { open, planner, windows: () => engine.windows });
  const engine = createEngine(dependencies, { sources, planner, runs, looking, latencyBaseline });
  const lastLook: LastLookDependencies = {
    memory,
    clock,
    verdicts: () => engine.verdicts(),
    writesGuard: (within) => judgeWritesNow(sources, memory.state(), clock.now(), within),
  };
  const observer = createObserver(dependencies, { open, engine, looking, accessLog, signal });
  looking.lookNow = (probe, within) => observer.lookNow(probe, within);
  const outbox = createOutbox(dependencies);
  const unsubscribe = memory.subscribe(({ body }) => {
    if (body.kind === 'message.queued') outbox.wake();
    if (stirring.has(body.kind)) engine.reconsider(signal);
    if (body.kind === 'run.started' || body.kind === 'run.resumed') {
      engine.giveWay();
      planner.giveWay();
    }
  });
  settlePower(dependencies);
  await runs
    .recover()
    .catch((error: unknown) => alarm(memory, 'an interrupted run could not be taken up', explain(error)));
  engine.take(recorder.since(clock.now() - 4 * config.rules.unavailable.after), signal);
  const working = [observer.run(signal), outbox.run(signal), watchOver({ world: open.world, memory, onFault }, signal)];
  return {
    engine,
    runs,
    planner,
    open,
    signal,
    observations: () => [...looking.latest.values()].flat(),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      stopping.abort(new Error('the daemon stops'));
      await Promise.allSettled([...working, runs.idle(), engine.idle()]);
      await open[Symbol.asyncDispose]();
    },
  };
}

/** An arming ends with the configuration that it was given under; and what the file allows is never more than what is in force. */
function settlePower({ config, configHash, memory }: SessionDependencies): void {
  const { mode, armed } = memory.state();
  const obsolete = armed && armed.configHash !== configHash;
  if (!obsolete && (mode === 'armed' || mode === config.mode)) return;
  const reason = obsolete ? 'the configuration has changed since it was armed' : 'the configuration says so';
  memory.append({ kind: 'mode.changed', mode: config.mode, person: 'rollbackd', reason });
  if (obsolete) alarm(memory, `no longer armed: ${reason}`, 'Look at the configuration, and arm it again.');
}

function alarm(memory: Memory, subject: string, text: string): void {
  const message = `daemon/${memory.state().lastSeq}`;
  memory.append({ kind: 'message.queued', message, subject, text, urgency: 'alarmed' });
}

interface Looking {
  lookNow: (probe: ProbeName, signal: AbortSignal) => Promise<void>;
  readonly latest: Map<ProbeName, readonly Observation[]>;
}

/** The balancer's log, and what it and the configuration tell of how fast the legacy system was. */
async function openRequests({ config, log }: SessionDependencies) {
  const { accessLog: settings } = config.traffic;
  const accessLog = settings && nginxAccessLog(settings);
  const { latencies, faults } = await knownLatencies({
    config: config.baseline.latency,
    // Its own position: what came before is not to be read on from.
    accessLog: settings && nginxAccessLog(settings),
    cutoverAt: config.migration.cutoverAt,
    routeOf: routeOfGood,
  });
  for (const reason of faults) log.warn({ reason }, 'a source of the latency baseline could not be read');
  const routes = Object.fromEntries(
    [...latencies].map(([route, { p95, source }]) => [route, `${p95.toFixed(1)}ms, ${source}`]),
  );
  log.info({ routes }, 'the latency baseline');
  return { accessLog, latencyBaseline: latencies };
}

interface FactParts {
  readonly open: OpenWorld;
  readonly planner: Planner;
  readonly windows: () => Windows;
}

function factSources(
  { config, configHash, clock }: SessionDependencies,
  { open, planner, windows }: FactParts,
): FactSources {
  return {
    world: open.world,
    lease: open.lease,
    planner,
    guard: config.guard,
    cutoverAt: config.migration.cutoverAt,
    configHash,
    mongo: () => mongoHealth(windows(), clock.now()),
  };
}

interface EngineParts {
  readonly sources: FactSources;
  readonly planner: Planner;
  readonly runs: Runs;
  readonly looking: Looking;
  readonly latencyBaseline: LatencyBaseline;
}

function createEngine(
  dependencies: SessionDependencies,
  { sources, planner, runs, looking, latencyBaseline }: EngineParts,
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
      if (draft) metrics.backupTaken(draft.assessment.manifest.takenAt);
      return { facts, plan: draft?.plan };
    },
    performMove: (move, plan) =>
      performMove(move, plan, { memory, runs, planner, watchFor: config.watch.duration, clock }),
    lookNow: (probe, within) => looking.lookNow(probe, within),
    gatherWithin: config.mongo.toolTimeout,
    onJudged: (decision) => metrics.decided(decision),
    onStuck: (reason) => alarm(memory, 'rollbackd cannot judge what it sees', reason),
  });
}

interface ObserverParts {
  readonly open: OpenWorld;
  readonly engine: Engine;
  readonly looking: Looking;
  readonly accessLog: AccessLog | undefined;
  readonly signal: AbortSignal;
}

function createObserver(
  dependencies: SessionDependencies,
  { open, engine, looking, accessLog, signal }: ObserverParts,
): Observer {
  const { config, memory, recorder, metrics, clock } = dependencies;
  return new Observer({
    probes: buildProbes(open.world, {
      backup: config.backup,
      accessLog,
      slotMs: config.rules.requests.slot,
      version: () => expectedVersion(memory.state(), config.migration.cutoverAt),
    }),
    clock,
    isQuiet: (probe) => databaseReaders.has(probe) && isProving(runUnderWay(memory.state())),
    onObservations: (observations) => {
      recorder.record(observations);
      metrics.recorderDropped(recorder.dropped);
      for (const observation of observations) metrics.observed(observation);
      const [first] = observations;
      if (first) looking.latest.set(first.probe, observations);
      engine.take(observations, signal);
    },
  });
}

function createOutbox({ config, memory, clock, log }: SessionDependencies): Outbox {
  const { webhook } = config.notify;
  return new Outbox({
    channels: [logChannel(log), ...(webhook ? [webhookChannel(webhook)] : [])],
    state: memory.state,
    append: memory.append,
    clock,
    onFailure: (channel, { message }, reason) => log.warn({ channel, message, reason }, 'a message was not delivered'),
  });
}
