import { join } from 'node:path';
import type { Logger } from 'pino';
import { preflight } from './actions/preflight/preflight.ts';
import type { CommandContext } from './commands/context.ts';
import { fixedAtStart } from './config/fixed-at-start.ts';
import { type ConfigFault, faultText, loadConfig } from './config/load.ts';
import { notRaised } from './config/not-raised.ts';
import type { Config } from './config/schema.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { explain, RollbackdError } from './core/errors.ts';
import { packageVersion } from './core/package-version.ts';
import { openHttpDoor } from './doors/http/server.ts';
import type { SlackDoorConfig } from './doors/schema.ts';
import { openConfiguredSlack } from './doors/slack/configured.ts';
import type { SlackDoor } from './doors/slack/door.ts';
import { openSocketDoor } from './doors/socket/server.ts';
import { alarm } from './engine/alarm.ts';
import { openLog } from './engine/log.ts';
import { type Memory, openMemory } from './engine/memory.ts';
import { type Pulse, startPulse } from './engine/pulse.ts';
import { releaseContainment } from './engine/release.ts';
import { readyForSystemd } from './engine/systemd.ts';
import { figuresOf } from './incident/figures.ts';
import { modeInForce } from './incident/read-state.ts';
import { takeHostLock } from './journal/host-lock.ts';
import type { JournalError } from './journal/journal.ts';
import { openJournal, type SqliteJournal } from './journal/sqlite.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { type WayIn, watchWayIn } from './notify/way-in.ts';
import { openRecorder, type Recorder } from './recorder/recorder.ts';
import { criterionNames } from './rules/criteria/list.ts';
import { type Session, startSession } from './session.ts';

export interface DaemonOptions {
  readonly configFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

export interface Daemon extends AsyncDisposable {
  /** Reads the configuration again; an invalid one keeps the old and says so. Waits for a run under way. */
  reload(): Promise<void>;
  /** It ends for a fault of its own: people are told, at the latest by the next one. */
  fail(fault: unknown): void;
}

/** How often what the disk has not taken yet is tried again. */
const settleEvery = 1_000;

interface ValidConfig {
  readonly config: Config;
  readonly hash: string;
}

/** What outlives a reload. */
interface Ground {
  readonly options: DaemonOptions;
  readonly clock: Clock;
  readonly log: Logger;
  readonly journal: SqliteJournal;
  readonly recorder: Recorder;
  readonly memory: Memory;
  readonly metrics: Metrics;
  readonly pulse: Pulse;
  readonly wayIn: WayIn;
}

/** What a reload replaces. */
interface Inner {
  valid: ValidConfig;
  session: Session;
  /** Between two sessions there is nobody who looks. */
  reloading: boolean;
  stopped: boolean;
  /** Why it ends, where nobody has asked it to. */
  fault?: string;
  /** Whether clicks in Slack can arrive; absent where nobody can answer there. */
  slackConnected?: boolean;
}

const sessionOf = (ground: Ground, { config, hash }: ValidConfig) => ({
  ...ground,
  config,
  configHash: hash,
});

/** Errors: RollbackdError `config-invalid` with every fault, `held` where another daemon acts on the target; JournalError. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const first = readConfig(options);
  await using stack = new AsyncDisposableStack();
  const ground = openGround(options, first, stack);
  ground.memory.owe({
    kind: 'daemon.started',
    version: packageVersion(),
    configHash: first.hash,
    pid: process.pid,
    channels: channelsOf(first.config),
  });
  if (!ground.memory.writable) {
    ground.log.error(
      { reason: explain(ground.memory.refusal) },
      'the journal cannot be written: rollbackd looks, judges and tells, but does nothing until it can be',
    );
  }
  const inner: Inner = {
    valid: first,
    session: await startSession(sessionOf(ground, first)),
    reloading: false,
    stopped: false,
  };
  stack.defer(async () => {
    inner.stopped = true;
    await inner.session[Symbol.asyncDispose]();
    noteStop(ground, inner.fault);
  });
  await openDoors(ground, inner, stack);
  await readyForSystemd(options.environment, ground.log);
  ground.log.info({ mode: ground.memory.state().mode, target: first.config.target.name }, 'rollbackd watches');
  const owned = stack.move();
  return {
    reload: () => reload(ground, inner),
    fail: (fault) => fail(ground, inner, fault),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function fail({ memory, log }: Ground, inner: Inner, fault: unknown): void {
  inner.fault = explain(fault);
  const where = fault instanceof Error ? fault.stack : undefined;
  log.error({ reason: inner.fault, ...(where !== undefined && { where }) }, 'a fault that nobody had thought of');
  const next = 'It ends, and its supervisor starts it again. Report it with the log.';
  alarm(memory, 'rollbackd met a fault of its own', `${inner.fault}. ${next}`);
}

/** A full disk keeps nobody from stopping: the next start finds out by itself that this one has ended. */
function noteStop({ memory, log }: Ground, reason = 'asked to stop'): void {
  try {
    memory.append({ kind: 'daemon.stopped', reason });
  } catch (error) {
    log.error({ reason: explain(error) }, 'that rollbackd stopped could not be written down');
  }
}

/** A full disk passes by itself; what is no longer there needs a person. */
function tellRefusal(refusal: JournalError, memory: Memory, log: Logger): void {
  log.error({ reason: explain(refusal) }, 'the journal takes nothing: rollbackd looks on, but does not act');
  if (refusal.reason === 'not-writable') return;
  alarm(memory, 'rollbackd does nothing any more: its journal is not what it was', explain(refusal));
}

/** By which people are told. */
const channelsOf = ({ notify }: Config): string[] => [
  'log',
  ...(['webhook', 'slack'] as const).filter((name) => notify[name]),
];

function readConfig({ configFile, environment }: DaemonOptions): ValidConfig {
  const loaded = loadConfig(configFile, environment);
  if (loaded.status === 'valid') return loaded;
  throw invalid(loaded.faults);
}

const invalid = (faults: readonly ConfigFault[]): RollbackdError =>
  new RollbackdError('config-invalid', `the configuration is not valid:\n${faults.map(faultText).join('\n')}`, {
    remedy: 'mend it and see with `rollbackd check`',
  });

function openGround(options: DaemonOptions, { config }: ValidConfig, stack: AsyncDisposableStack): Ground {
  const { clock = systemClock } = options;
  const { folder, lockFolder, recorderLimit } = config.state;
  const log = openLog(config.log.level);
  stack.use(takeHostLock({ folder: lockFolder, target: config.target.name }));
  const onListenerFault = (fault: unknown) => log.error({ reason: explain(fault) }, 'a listener of the journal failed');
  const channels = channelsOf(config);
  const tenants = config.target.tenants.map(({ slug }) => slug);
  const metrics = createMetrics({ version: packageVersion(), criteria: criterionNames, tenants, channels, clock });
  const onWriteFault = () => metrics.journalFailed();
  const journal = stack.use(openJournal({ file: join(folder, 'journal.db'), clock, onListenerFault, onWriteFault }));
  const recorder = stack.use(openRecorder({ file: join(folder, 'observations.db'), limitBytes: recorderLimit }));
  const memory = openMemory(
    journal,
    config.mode,
    (event) => metrics.observeEvent(event),
    () => clock.now(),
  );
  const settling = setInterval(() => memory.settle(), settleEvery);
  stack.defer(() => clearInterval(settling));
  const pulse = stack.use(
    startPulse({
      journal,
      metrics,
      mode: () => modeInForce(memory.state(), clock.now()),
      onRefusal: (refusal) => tellRefusal(refusal, memory, log),
      clock,
    }),
  );
  const wayIn = watchWayIn({ state: memory.state, append: memory.append, clock, log });
  return { options, clock, log, journal, recorder, memory, metrics, pulse, wayIn };
}

async function openDoors(ground: Ground, inner: Inner, stack: AsyncDisposableStack): Promise<void> {
  const { config } = inner.valid;
  const { metrics, pulse, log } = ground;
  const socket = stack.use(
    await openSocketDoor({
      settings: config.doors.socket,
      context: () => commandContext(ground, inner),
      people: () => inner.valid.config.people,
      events: () => ground.journal.read(),
    }),
  );
  for (const warning of socket.warnings) log.warn(warning);
  const http = stack.use(
    await openHttpDoor({
      settings: config.doors.http,
      metrics: async () => {
        metrics.stands(figuresOf(ground.memory.state()));
        metrics.watching(inner.session.atWork());
        return { text: await metrics.render(), contentType: metrics.contentType };
      },
      loopTurns: pulse.turns,
      ready: () => readiness(ground, inner),
    }),
  );
  const slack = config.doors.slack && stack.use(await slackDoor(ground, inner, config.doors.slack));
  log.info({ socket: socket.path, http: http.url, ...(slack?.url && { slack: slack.url }) }, 'the doors are open');
}

function slackDoor(ground: Ground, inner: Inner, settings: SlackDoorConfig): Promise<SlackDoor> {
  const { metrics, wayIn, clock, log } = ground;
  const onConnection = (connected: boolean) => {
    inner.slackConnected = connected;
    metrics.slackConnected(connected);
  };
  return openConfiguredSlack({
    settings,
    config: () => inner.valid.config,
    context: () => commandContext(ground, inner),
    onConnection,
    onWayIn: wayIn.note,
    onSole: wayIn.noteSole,
    onRequest: () => metrics.slackRequested(clock.now()),
    clock,
    log,
  });
}

/** Able to see, to judge and to act. */
function readiness({ memory }: Ground, { session, reloading }: Inner): { ok: boolean; detail: string } {
  if (!memory.writable) return { ok: false, detail: `nothing can be done: ${explain(memory.refusal)}` };
  if (reloading) return { ok: false, detail: 'the configuration is being read again' };
  const interrupted = [...memory.state().runs.values()].find(({ status }) => status === 'interrupted');
  if (interrupted) return { ok: false, detail: `${interrupted.run} was interrupted and does not go on` };
  return session.engine.health();
}

function commandContext({ memory, clock }: Ground, inner: Inner): CommandContext {
  const { valid, session } = inner;
  const { config, hash } = valid;
  return {
    memory,
    planner: session.planner,
    runs: session.runs,
    clock,
    settings: config,
    configHash: hash,
    version: packageVersion(),
    signal: session.signal,
    latest: () => ({ ...session.engine.latest(), observations: session.observations() }),
    channelTroubles: session.channelTroubles,
    slackConnected: () => inner.slackConnected,
    release: (incident, signal) =>
      session.runs.alone(() => releaseContainment(session.open.worldFor, incident, signal)),
    gatherFacts: (signal, reading) => session.gatherAsArmed(signal, reading),
    preflight: (signal) => preflight(session.open.world, signal),
    obstacles: session.obstacles,
  };
}

/** Nothing gains power by a reload: an arming is bound to the hash of the configuration it was given under. */
async function reload(ground: Ground, inner: Inner): Promise<void> {
  const { options, memory, log } = ground;
  const loaded = loadConfig(options.configFile, options.environment);
  if (loaded.status === 'invalid') {
    log.error({ faults: loaded.faults.map(faultText) }, 'the configuration is not valid: the old one stays in force');
    memory.append({ kind: 'config.refused', faults: loaded.faults.map(faultText) });
    return;
  }
  if (loaded.hash === inner.valid.hash) return;
  const fixed = fixedAtStart(inner.valid.config, loaded.config);
  if (fixed.length > 0) {
    log.error({ faults: fixed }, 'the configuration needs a restart: the old one stays in force');
    memory.append({ kind: 'config.refused', faults: fixed });
    return;
  }
  await inner.session.runs.idle();
  if (inner.stopped) return;
  inner.reloading = true;
  const config = notRaised(inner.valid.config, loaded.config);
  if (config !== loaded.config)
    log.warn(
      { mode: config.mode, containment: config.containment },
      'the configuration allows more than before: a reload does not raise that, a restart does',
    );
  try {
    await replaceSession(ground, inner, { config, hash: loaded.hash });
  } finally {
    inner.reloading = false;
  }
}

/** A session that cannot be built leaves the old configuration in force, and the journal says so. */
async function replaceSession(ground: Ground, inner: Inner, next: ValidConfig): Promise<void> {
  const { memory, journal, log } = ground;
  // Before anything is taken down: on a full disk everything stays as it is.
  if (!journal.probeWritable()) throw notTakenUp(journal);
  await inner.session[Symbol.asyncDispose]();
  if (inner.stopped) return;
  const announce = { kind: 'config.reloaded', configHash: next.hash, channels: channelsOf(next.config) } as const;
  try {
    inner.session = await startSession(sessionOf(ground, next), announce);
    inner.valid = next;
    log.info('the configuration was read again');
  } catch (error) {
    log.error({ reason: explain(error) }, 'the new configuration could not be taken up: the old one stays in force');
    memory.owe({ kind: 'config.refused', faults: [explain(error)] });
    inner.session = await startSession(sessionOf(ground, inner.valid));
  }
}

const notTakenUp = ({ file, refusal }: SqliteJournal): RollbackdError =>
  new RollbackdError(
    'not-writable',
    `${refusal?.message ?? `The journal ${file} cannot be written.`} The old configuration stays in force.`,
    { remedy: refusal?.remedy ?? 'free space on its disk, then reload it again' },
  );
