import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { eventually } from '../exec/eventually.ts';

const launcher = join(import.meta.dirname, '../../bin/rollbackd.js');
const logLine = z.looseObject({ level: z.number(), time: z.string(), msg: z.string() });
export type LogLine = z.infer<typeof logLine>;

export interface DaemonProcess extends AsyncDisposable {
  readonly pid: number;
  /** Its exit code; a text where a signal ended it. */
  readonly ended: Promise<number | string>;
  /** Standard output, byte for byte. */
  output(): string;
  errors(): string;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | string>;
  /** The first line with these words, as soon as it is there. */
  says(words: string): Promise<LogLine>;
}

interface Launch {
  /** A program and its words that start the daemon in their own place. */
  readonly launch?: readonly string[];
  /** Another `rollbackd` than that of this checkout. */
  readonly program?: string;
}

/** `rollbackd run` as a supervisor would start it, with an environment of its own. */
export async function startDaemonProcess(
  configFile: string,
  environment: NodeJS.ProcessEnv = {},
  { launch = [], program: launched = launcher }: Launch = {},
): Promise<DaemonProcess> {
  const env = { PATH: process.env.PATH ?? '', ...environment };
  const [program = process.execPath, ...words] = [...launch, process.execPath];
  const child = spawn(program, [...words, launched, 'run', '--config', configFile], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.output += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.errors += part;
  });
  const ended = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  await once(child, 'spawn');
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => text.output,
    errors: () => text.errors,
    kill: (signal) => void child.kill(signal),
    stop,
    says: (words) => saying(words, text, () => child.exitCode !== null || child.signalCode !== null),
    [Symbol.asyncDispose]: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
      await stop();
      clearTimeout(timer);
    },
  };
}

async function saying(
  words: string,
  text: { output: string; errors: string },
  isOver: () => boolean,
): Promise<LogLine> {
  const everything = () => `${text.output}\n${text.errors}`;
  const found = await eventually(
    `the daemon says "${words}"`,
    () => {
      const line = linesOf(text.output).find(({ msg }) => msg.includes(words));
      return line ?? (isOver() && 'over');
    },
    20_000,
  ).catch((cause: unknown) => {
    throw new Error(`it never said "${words}", but:\n${everything()}`, { cause });
  });
  if (found === 'over') throw new Error(`it ended without "${words}":\n${everything()}`);
  return found;
}

/** Every complete line. Errors: one that is not a JSON line of the log. */
export const linesOf = (output: string): LogLine[] =>
  output
    .split('\n')
    .slice(0, -1)
    .map((line) => logLine.parse(JSON.parse(line)));
