import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { Clock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import type { Command } from './contract.ts';
import { OutputTail } from './output-tail.ts';

export interface RunningChild {
  readonly pid: number;
  /** Resolves when the program itself has ended; its output may still be under way. */
  readonly exited: Promise<unknown>;
  exitCode(): number;
  signalCode(): NodeJS.Signals | undefined;
  outputEnded(clock: Clock): Promise<void>;
  output(): { stdout: string; stderr: string };
}

/** A process that left the session may hold the output open for ever: what it says later is nobody's business. */
const DRAIN_MS = 1_000;

/** Starts the program in a session, and so a process group, of its own. */
export async function spawnChild(command: Command): Promise<RunningChild> {
  const child = execa(command.program, command.arguments, {
    ...(command.workingDirectory === undefined ? {} : { cwd: command.workingDirectory }),
    env: command.environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'ignore',
  });
  if (child.pid === undefined) throw notStarted(command, (await child).originalMessage);
  const exited = once(child.nodeChildProcess, 'exit');
  const out = follow(child.stdout, command.onLine);
  const err = follow(child.stderr, command.onLine);
  return {
    pid: child.pid,
    exited,
    exitCode: () => child.nodeChildProcess.exitCode ?? 0,
    signalCode: () => child.nodeChildProcess.signalCode ?? undefined,
    async outputEnded(clock) {
      const drained = new AbortController();
      const enough = clock.sleep(DRAIN_MS, drained.signal).catch(() => {});
      await Promise.race([Promise.all([exited, out.ended, err.ended]), enough]);
      drained.abort();
      child.stdout.destroy();
      child.stderr.destroy();
    },
    output: () => ({ stdout: out.text(), stderr: err.text() }),
  };
}

function follow(stream: Readable, onLine?: (line: string) => void): { ended: Promise<void>; text(): string } {
  const tail = new OutputTail(onLine);
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => tail.push(chunk));
  const ended = new Promise<void>((resolve) => stream.once('close', resolve));
  const text = () => {
    tail.end();
    return tail.text();
  };
  return { ended, text };
}

function notStarted({ program, workingDirectory }: Command, cause: string | undefined): RollbackdError {
  if (workingDirectory !== undefined && !existsSync(workingDirectory)) {
    return new RollbackdError('not-found', `${program} cannot start in ${workingDirectory}: there is no such folder.`, {
      remedy: 'make the folder; or correct it in the configuration, under which no run that has begun goes on.',
    });
  }
  return new RollbackdError('not-found', `${program} cannot be started: ${cause ?? 'unknown reason'}.`, {
    remedy:
      'install the program there; or correct its path in the configuration, under which no run that has begun goes on.',
  });
}
