import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../workspace/process-identity.ts';
import type { Workspace } from '../workspace/workspace.ts';

const launcher = fileURLToPath(new URL('../../bin/rollbackd.js', import.meta.url));

export interface Answer {
  readonly code: number;
  readonly output: string;
}

/** One call of the command line, as a person would make it. */
export async function rollbackd(...args: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output: Buffer.concat(chunks).toString() };
}

export interface DaemonProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

const stopWithin = 15_000;

/** The daemon as a process of its own, its log in a file. Registered, so that a crashed sandbox takes it along. */
export async function startDaemonProcess(
  configFile: string,
  logFile: string,
  workspace: Pick<Workspace, 'registerProcess'>,
): Promise<DaemonProcess> {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  await once(log, 'open');
  // In a session of its own: Ctrl-C on the terminal would be its first signal, and the one that ends it in order its second.
  const child = spawn(process.execPath, [launcher, 'run', '--config', configFile], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new TypeError('the daemon has no pid');
  const identity = processIdentity(pid);
  if (identity) workspace.registerProcess({ ...identity, what: 'rollbackd' });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : 1));
  return { pid, ended, kill: (signal) => child.kill(signal), [Symbol.asyncDispose]: () => end(child, ended) };
}

async function end(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithin);
  await ended;
  clearTimeout(timer);
}
