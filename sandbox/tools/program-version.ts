import { runProgram } from './run-program.ts';

const TIMEOUT_MS = 15_000;
const VERSION = /\d+\.\d+(?:\.\d+)?/;

/** Rejects when the program does not run here or says nothing like a version. */
export async function programVersion(path: string, flag = '--version'): Promise<string> {
  const output = await runProgram(path, [flag], { timeoutMs: TIMEOUT_MS });
  const version = VERSION.exec(output)?.[0];
  if (version === undefined) throw new Error(`${path} ${flag} names no version`);
  return version;
}
