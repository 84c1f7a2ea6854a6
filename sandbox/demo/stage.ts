import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox.ts';
import { findSlack, type Slack, startSlack } from '../servers/slack.ts';
import { type DaemonConfig, type DaemonSettings, writeDaemonConfig } from './daemon-config.ts';
import type { Pace } from './pace.ts';
import { type DaemonProcess, rollbackd, startDaemonProcess } from './program.ts';
import { untilStatus } from './status.ts';
import { receiveWebhook, type WebhookReceiver } from './webhook.ts';

export interface StageOptions {
  readonly temperament: SandboxOptions['temperament'];
  readonly mongo: SandboxOptions['mongo'];
  readonly documents?: number | undefined;
  /** `off`: everything but rollbackd itself. `observe`: it may only look. */
  readonly daemon: 'armed' | 'observe' | 'off';
  /** People answer by the command line. */
  readonly withoutSlack?: true | undefined;
  /** Default: demo. */
  readonly pace?: Pace;
  readonly say: (line: string) => void;
}

/** A café, rollbackd beside it as a process of its own, and a person who has armed it. */
export interface Stage extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly config: DaemonConfig;
  readonly metricsUrl: string;
  readonly webhook: WebhookReceiver;
  /** Absent where its stand-in does not run: people answer by the command line. */
  readonly slack: Slack | undefined;
  readonly say: (line: string) => void;
  /** The living daemon; undefined while there is none. */
  daemon: DaemonProcess | undefined;
  startDaemon(): Promise<void>;
  /** With another configuration, and armed again where it was. */
  restartDaemon(changes: Partial<DaemonSettings>): Promise<void>;
  /** The end of its log, for when something went wrong. */
  lastSaid(): Promise<string>;
}

const readyWithin = 60_000;
/** Of its log, where something went wrong. */
const linesShown = 12;

export async function setStage(options: StageOptions): Promise<Stage> {
  const { temperament, mongo, documents, say } = options;
  await using stack = new AsyncDisposableStack();
  const sandbox = stack.use(await startSandbox({ temperament, mongo, say, ...(documents && { documents }) }));
  const webhook = stack.use(await receiveWebhook(({ urgency, subject }) => say(`  [${urgency}] ${subject}`)));
  const slack = options.withoutSlack ? undefined : await openSlack(sandbox, say);
  if (slack) stack.use(slack);
  const httpPort = await sandbox.workspace.freePort();
  const mode = options.daemon === 'observe' ? 'observe' : 'approve';
  const settings: DaemonSettings = {
    mode,
    ...(options.pace && { pace: options.pace }),
    webhookUrl: webhook.url,
    ...(slack && { slack }),
    httpPort,
  };
  const config = await writeDaemonConfig(sandbox, settings);
  const stage = { sandbox, config, metricsUrl: `http://127.0.0.1:${httpPort}/metrics`, webhook, slack, say };
  const owned = {
    ...stage,
    daemon: undefined as DaemonProcess | undefined,
    startDaemon: () => startDaemon(owned),
    async restartDaemon(changes: Partial<DaemonSettings>) {
      await owned.daemon?.[Symbol.asyncDispose]();
      await writeDaemonConfig(sandbox, { ...settings, ...changes });
      await owned.startDaemon();
      if (options.daemon === 'armed') await arm(owned);
    },
    lastSaid: () => lastSaid(config),
  };
  stack.defer(async () => owned.daemon?.[Symbol.asyncDispose]());
  if (options.daemon !== 'off') await owned.startDaemon();
  if (options.daemon === 'armed') await arm(owned);
  const kept = stack.move();
  return Object.assign(owned, { [Symbol.asyncDispose]: () => kept.disposeAsync() });
}

async function openSlack({ root, workspace }: Sandbox, say: (line: string) => void): Promise<Slack | undefined> {
  const found = await findSlack();
  if ('program' in found) {
    const { freePort, registerProcess } = workspace;
    return await startSlack({ workspace: { root, freePort, registerProcess }, program: found.program });
  }
  say(`there is no Slack here (${found.absent}): people answer by the command line`);
  return undefined;
}

const logOf = ({ folder }: DaemonConfig): string => join(folder, 'rollbackd.log');

async function lastSaid(config: DaemonConfig): Promise<string> {
  return (await readFile(logOf(config), 'utf8')).trim().split('\n').slice(-linesShown).join('\n');
}

async function startDaemon(stage: Omit<Stage, typeof Symbol.asyncDispose>): Promise<void> {
  const { config, sandbox, say } = stage;
  const logFile = logOf(config);
  stage.daemon = await startDaemonProcess(config.file, logFile, sandbox.workspace);
  const died = stage.daemon.ended.then(async (code) => {
    throw new Error(`rollbackd ended with ${code}: ${await lastSaid(config)}`);
  });
  died.catch(() => {});
  const isReady = () => untilStatus(config.socket, 'rollbackd answers', () => true, readyWithin);
  await Promise.race([isReady(), died]);
  say(`rollbackd runs as process ${stage.daemon.pid}; its log: ${logFile}`);
}

async function arm({ config, say }: Pick<Stage, 'config' | 'say'>): Promise<void> {
  const { code, output } = await rollbackd('arm', '--reason', 'demonstration', '--socket', config.socket);
  if (code !== 0) throw new Error(`rollbackd could not be armed: ${output}`);
  say(output.trim());
}
