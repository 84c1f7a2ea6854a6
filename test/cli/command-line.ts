import { runCommandLine } from '../../src/cli/program.ts';

interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person types it, in this process. */
export async function rollbackd(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  ask?: (question: string) => Promise<string>,
): Promise<Spoken> {
  let code = 0;
  const out: string[] = [];
  const err: string[] = [];
  await runCommandLine(argv, {
    environment,
    write: (text) => void out.push(text),
    writeError: (text) => void err.push(text),
    ask,
    setExitCode: (given) => {
      code = given;
    },
    signal: new AbortController().signal,
    onHangup: () => {},
    onFault: () => {},
  });
  return { code, out: out.join(''), err: err.join('') };
}
