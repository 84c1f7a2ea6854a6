import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

interface Child {
  /** Every line that it has written so far. */
  readonly lines: readonly string[];
  /** Resolves when the nth line is there, rejects when the child ends first. */
  line(count: number): Promise<void>;
  /** SIGKILL, by its pid; resolves when it is gone and all that it had written is read. */
  kill(): Promise<void>;
}

/** A real process that runs a script beside the test. */
export function startChild(script: URL, ...args: string[]): Child & AsyncDisposable {
  const path = fileURLToPath(script);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const drained = once(reader, 'close');
  const kill = () => killed(child, drained);
  return {
    lines,
    line: async (count) => {
      while (lines.length < count) {
        const ended = await Promise.race([once(reader, 'line').then(() => false), drained.then(() => true)]);
        if (ended && lines.length < count) throw new Error(`${path} ended early`);
      }
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function killed(child: ChildProcess, drained: Promise<unknown>): Promise<void> {
  const running = child.exitCode === null && child.signalCode === null;
  const gone = running ? once(child, 'exit') : undefined;
  if (running) child.kill('SIGKILL');
  await gone;
  await drained;
}
