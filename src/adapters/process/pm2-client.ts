import { dirname } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';
import { TAG_VARIABLE } from '../../exec/child-record.ts';
import type { RunCommand } from '../../exec/contract.ts';
import type { ProcessIdentity } from '../../model/child.ts';
import type { ProcessInspection } from '../host/contract.ts';
import { type ListedApp, readAppList } from './pm2-list.ts';
import { callPm2, socketOf } from './pm2-socket.ts';
import type { ProcessConfig } from './schema.ts';

export interface Pm2Access {
  readonly config: ProcessConfig;
  /** For what changes the world, journalled. */
  readonly run: RunCommand;
  readonly readOnly: RunCommand;
  readonly host: ProcessInspection;
}

/** Where and with what a write runs, where that differs from the usual. */
export interface WriteOptions {
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * pm2 hands the whole environment of its command to the applications that it starts, and starts a daemon of its own where none
 * answers. So the run tag is taken away before pm2 looks (it stays readable in /proc, where orphans are looked for, and never marks
 * the application as one), and starting a daemon ends the command. pm2 must not see that it is evaluated: it would read its
 * arguments differently.
 */
const LOADER = [
  'process.execArgv.length = 0',
  `delete process.env.${TAG_VARIABLE}`,
  'require("node:child_process").spawn = () => { console.error("no pm2 daemon answers"); process.exit(69) }',
  'require(process.argv[1])',
].join('; ');

const SYSTEM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];
const ansiColour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

export interface Pm2Client {
  /** The living pm2 daemon of the home. Errors: `process-manager` where there is none. */
  daemon(): Promise<ProcessIdentity>;
  /** Every application of the home, without its environment. */
  listAll(signal: AbortSignal): Promise<ListedApp[]>;
  /** Runs pm2's command as a write would, but one that changes nothing. Errors: why it cannot be used. */
  tryCommand(signal: AbortSignal): Promise<void>;
  write(args: readonly string[], signal: AbortSignal, options?: WriteOptions): Promise<void>;
}

export function createPm2Client({ config, run, readOnly, host }: Pm2Access): Pm2Client {
  const daemon = async () => (await findDaemon(config.home, host)) ?? fail(noDaemon(config.home));
  const execute = async (by: RunCommand, args: readonly string[], signal: AbortSignal, options: WriteOptions = {}) => {
    const environment = await targetEnvironment(config, await daemon(), host);
    const command = {
      program: config.node,
      arguments: ['-e', LOADER, config.program, ...args],
      workingDirectory: options.workingDirectory ?? config.home,
      environment: { ...environment, ...options.environment },
      timeoutMs: config.timeout,
    };
    const { exitCode, stdout, stderr } = await by(command, signal);
    if (exitCode !== 0) throw refused(args, exitCode, stderr);
    return stdout;
  };
  return {
    daemon,
    listAll: async (signal) => {
      await daemon();
      return readAppList(await callPm2(config, 'getMonitorData', signal));
    },
    tryCommand: async (signal) => {
      const printed = await execute(readOnly, ['jlist'], signal);
      // pm2 puts notices of its own before the list.
      if (!/^\[/m.test(printed)) throw noPm2(config.program);
    },
    write: async (args, signal, options) => void (await execute(run, args, signal, options)),
  };
}

/** By its socket, as pm2's own commands find it: the pid file outlives the daemon. */
export async function findDaemon(home: string, host: ProcessInspection): Promise<ProcessIdentity | undefined> {
  const [daemon] = await host.socketListeners(socketOf(home));
  return daemon;
}

/** The target's environment, never ours. In fork mode pm2 runs the application by the first `node` of this PATH. */
export async function targetEnvironment(config: ProcessConfig, daemon: ProcessIdentity, host: ProcessInspection) {
  const inherited = await host.environment(daemon, ['HOME']);
  return {
    PATH: [dirname(config.node), ...SYSTEM_FOLDERS].join(':'),
    HOME: inherited?.HOME ?? dirname(config.home),
    ...config.environment,
    PM2_HOME: config.home,
  };
}

export const noDaemon = (home: string) => `No pm2 daemon of ${home} is alive, or it is another user's.`;

export const startPm2 =
  'let the service that keeps the application start pm2 ("pm2 resurrect"); rollbackd never starts a pm2 daemon.';

function fail(message: string): never {
  throw new RollbackdError('process-manager', message, { remedy: startPm2 });
}

const noPm2 = (program: string) =>
  new RollbackdError('process-manager', `${program} printed no list of applications for "pm2 jlist".`, {
    remedy: 'check that `process.program` is pm2 and `process.node` a Node that runs it.',
  });

/** Of stdout nothing is told: pm2 may print an application's environment there. */
function refused(args: readonly string[], exitCode: number, stderr: string): RollbackdError {
  const said = redact(stderr.replace(ansiColour, '').trim().split('\n').slice(-3).join(' '));
  return new RollbackdError(
    'process-manager',
    `"pm2 ${args.join(' ')}" ended with code ${exitCode}: ${said || 'silent'}.`,
    {
      remedy: 'look at pm2.log in the PM2_HOME.',
    },
  );
}
