import { gitAdapter } from '../../../src/adapters/code/git.ts';
import type { CodeConfig } from '../../../src/adapters/code/schema.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';

/** For a process of another user. */
export const refusalsOf = (config: CodeConfig): Promise<string[]> =>
  gitAdapter({ config, run: createReadOnlyCommand(), homeOf: async () => undefined }).refusals(
    new AbortController().signal,
  );
