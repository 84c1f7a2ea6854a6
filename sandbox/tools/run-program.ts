import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Both outputs together: programs differ in where they print their version. Rejects on any exit code but 0. */
export async function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { stdout, stderr } = await execFileAsync(command, args, {
    cwd: options.cwd,
    env: options.environment,
    timeout: options.timeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout + stderr;
}
