import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type ProcessIdentity, processIdentity } from '../workspace/process-identity.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface StartOptions {
  readonly workspace: Pick<Workspace, 'registerProcess'>;
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes both outputs. */
  readonly logFile: string;
}

export interface RunningProcess extends ProcessIdentity {
  readonly logFile: string;
}

/** Starts a server in a session of its own, so that Ctrl-C in a terminal does not reach it before its owner has decided the order. */
export async function startProcess(options: StartOptions): Promise<RunningProcess> {
  const child = spawnInto(options);
  await once(child, 'spawn');
  child.unref();
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
  if (identity === undefined) throw new Error(`${options.what} ended at once:\n${lastLines(options.logFile)}`);
  options.workspace.registerProcess({ ...identity, what: options.what });
  return { ...identity, logFile: options.logFile };
}

function spawnInto({ command, args, cwd, environment, logFile }: StartOptions): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(command, args, { cwd, env: { ...environment }, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

export function lastLines(file: string, count = 20): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
