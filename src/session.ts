import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AccessLog } from './adapters/access-log/contract.ts';
import { nginxAccessLog } from './adapters/access-log/nginx-log.ts';
import { leftPasswords } from './adapters/mongo/password-file.ts';
import { knownLatencies } from './baseline/latency.ts';
import { configMark } from './config/fingerprint.ts';
import type { Config } from './config/schema.ts';
import type { Clock } from './core/clock.ts';
import { explain } from './core/errors.ts';
import { buildProbes } from './engine/build-probes.ts';
import { Engine } from './engine/engine.ts';
import { examineTarget } from './engine/examine.ts';
import { type FactSources, gatherFacts, judgeWritesNow, quickFacts } from './engine/gather-facts.ts';
import { type LastLookDependencies, whyCalledOff } from './engine/last-look.ts';
import { leaseHolder } from './engine/lease-holder.ts';
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
import type { EventBody, EventKind } from './model/event.ts';
import type { Observation, ProbeName } from './model/observation.ts';
import { logChannel } from './notify/channels/log.ts';
import { webhookChannel } from './notify/channels/webhook.ts';
import { Outbox } from './notify/outbox.ts';
import { routeOfGood } from './probes/requests.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { LatencyBaseline } from './rules/latency-baseline.ts';
import { windowLimits } from './rules/windows/limits.ts';
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

/** `announce`: what is written down about it once everything is built, before anything is judged. What cannot be built leaves nothing behind. */
export async function startSession(dependencies: SessionDependencies, announce?: EventBody): Promise<Session> {
  const { config, configHash, memory, clock, log } = dependencies;
  await using stack = new AsyncDisposableStack();
  const stopping = new AbortController();
  const { signal } = stopping;
  const holder = leaseHolder(config.state.folder);
  const passwordFolder = join(config.state.folder, 'passwords');
  const open = stack.use(openWorld(config, { clock, ledger: journalLedger(memory), holder, passwordFolder }));
  const onFault = (fault: unknown) => log.error({ reason: explain(fault) }, 'a run met a fault of its own');
  const planner = createPlanner(open.world, configHash, ({ takenAt }) => dependencies.metrics.backupTaken(takenAt));
  const calledOff = (run: string, within: AbortSignal) => whyCalledOff(run, lastLook, within);
  const mark = { ...configMark(config), hash: configHash };
  const runs = new Runs({ ...open, memory, clock, config: mark, signal, onFault, calledOff });
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
  const working: Promise<void>[] = [];
  stack.defer(async () => {
    stopping.abort(new Error('the daemon stops'));
    await Promise.allSettled([...working, runs.idle(), engine.idle()]);
  });
  stack.defer(
    memory.subscribe(({ body }) => {
      if (body.kind === 'message.queued') outbox.wake();
      if (stirring.has(body.kind)) engine.reconsider(signal);
      if (body.kind === 'run.started' || body.kind === 'run.resumed') {
        engine.giveWay();
        planner.giveWay();
      }
    }),
  );
  if (announce) memory.owe(announce);
  settlePower(dependencies);
  await recover(runs, dependencies, passwordFolder);
  engine.take(remembered(dependencies), signal);
  const standing = { world: open.world, memory, log, onFault };
  working.push(observer.run(signal), outbox.run(signal), watchOver(standing, signal), examineTarget(standing, signal));
  const owned = stack.move();
  return {
    engine,
    runs,
    planner,
    open,
    signal,
    observations: () => [...looking.latest.values()].flat(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What an earlier process left: its programs, the passwords that were lent to them, and its run. */
async function recover(runs: Runs, { memory, log }: SessionDependencies, passwordFolder: string): Promise<void> {
  const onLeft = (error: unknown) =>
    log.error({ reason: explain(error) }, 'passwords of an earlier process may be left');
  const removeLeft = await leftPasswords(passwordFolder).catch(onLeft);
  await runs
    .recover()
    .catch((error: unknown) => alarm(memory, 'an interrupted run could not be taken up', explain(error)));
  await removeLeft?.().catch(onLeft);
}

/**
 * What was seen before this start. Health from further back than the rest: whether the balancer was up before an
 * outage decides whether it is a witness. Without the looks of the control probe an old outage proves nothing else.
 */
function remembered({ config, recorder, clock }: SessionDependencies): Observation[] {
  const { rules, probes } = config;
  const recent = clock.now() - 4 * rules.unavailable.after;
  const reach = clock.now() - windowLimits(rules, probes).ageMs;
  return [...recorder.since(reach, ['health']).filter(({ at }) => at < recent), ...recorder.since(recent)];
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

function alarm(memory: Memory, subject: string, text: string): void {
  const message = `daemon/${memory.state().lastSeq}`;
  memory.owe({ kind: 'message.queued', message, subject, text, urgency: 'alarmed' });
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
      return { facts, plan: draft?.plan };
    },
    performMove: (move, plan) =>
      performMove(move, plan, { memory, runs, planner, watchFor: config.watch.duration, clock }),
    lookNow: (probe, within) => looking.lookNow(probe, within),
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
