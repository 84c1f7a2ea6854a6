import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram } from '../../tools/run-program.ts';

const PACKAGE = 'local-slack-linux-x64';
const WITHIN_MS = 10_000;

/** The program that stands in for Slack, or why there is none here. */
export type FoundSlack = { readonly program: string } | { readonly absent: string };

export async function findSlack(): Promise<FoundSlack> {
  const program = installed();
  if (program === undefined) return { absent: `${PACKAGE} is not installed: it exists for Linux on x64 only` };
  try {
    await runProgram(program, ['--version'], { timeoutMs: WITHIN_MS });
    return { program };
  } catch (error) {
    return { absent: `${program} does not run here: ${(error as Error).message}` };
  }
}

function installed(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), 'bin', 'local-slack');
  } catch {
    return undefined;
  }
}
