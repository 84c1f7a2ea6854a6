import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explain, RollbackdError } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';
import type { CommandResult, RunCommand } from '../../exec/contract.ts';
import type { CodeConfig } from './schema.ts';

export interface GitOptions {
  /** An index of the caller's own instead of the checkout's. */
  readonly index?: string;
  /** Another work tree of the same repository. */
  readonly folder?: string;
  /** Exit codes that are answers, besides 0. */
  readonly accept?: readonly number[];
  /** With what the user of this home has configured for themselves: only to look at it. */
  readonly home?: string;
  readonly onLine?: (line: string) => void;
}

export interface Git {
  /** One git command in the repository; any other exit code than the accepted ones is an error. */
  run(command: readonly string[], signal: AbortSignal, options?: GitOptions): Promise<CommandResult>;
  /** The NUL-separated answer of a `diff-*` command, however long: it goes through a file in `scratch`, not through the output. */
  list(command: readonly string[], scratch: string, signal: AbortSignal, options?: GitOptions): Promise<string[]>;
}

/** Nothing of the repository's owner runs or asks: no hooks, no monitor, no pager, no prompt, no clean-up in the background; a checkout is always whole, and a file counts as untouched only by everything that its stat tells. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.fsyncMethod=batch',
  'core.splitIndex=false',
  'core.ignoreStat=false',
  'core.trustctime=true',
  'core.checkStat=default',
  'core.sparseCheckout=false',
  'core.quotePath=false',
  'core.safecrlf=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'credential.helper=',
];

/** They change nothing: none of them has to be written down before it exists. */
const looking: ReadonlySet<string> = new Set([
  'cat-file',
  'config',
  'diff-files',
  'diff-index',
  'diff-tree',
  'ls-tree',
  'rev-parse',
  'status',
]);

export function gitCommand(config: CodeConfig, run: RunCommand, readOnly = run): Git {
  const environment = gitEnvironment(config);
  const git: Git = {
    async run(command, signal, { index, folder = config.repository, accept = [], home, onLine } = {}) {
      const trusted = [config.repository, folder].map((path) => `safe.directory=${path}`);
      const result = await (looking.has(command[0] ?? '') ? readOnly : run)(
        {
          program: config.program,
          arguments: [
            '--no-pager',
            ...[...settings, ...trusted].flatMap((setting) => ['-c', setting]),
            '-C',
            folder,
            ...command,
          ],
          environment: {
            ...environment,
            ...(index !== undefined && { GIT_INDEX_FILE: index }),
            ...(home === undefined ? { GIT_CONFIG_GLOBAL: '/dev/null' } : { HOME: home }),
          },
          timeoutMs: config.timeout,
          ...(onLine && { onLine }),
        },
        signal,
      ).catch((error: unknown) => {
        throw commandFailed(command, error);
      });
      if (result.exitCode !== 0 && !accept.includes(result.exitCode)) throw refused(config, command, result);
      return result;
    },
    async list([name = '', ...rest], scratch, signal, options) {
      const file = join(scratch, `listing-${randomUUID()}`);
      await git.run([name, `--output=${file}`, ...rest], signal, options);
      return nulSeparated(await readAnswer(file, name));
    },
  };
  return git;
}

function gitEnvironment(config: CodeConfig): Record<string, string> {
  return {
    PATH: `${dirname(config.program)}:/usr/local/bin:/usr/bin:/bin`,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_AUTHOR_NAME: 'rollbackd',
    GIT_AUTHOR_EMAIL: 'rollbackd@localhost',
    GIT_COMMITTER_NAME: 'rollbackd',
    GIT_COMMITTER_EMAIL: 'rollbackd@localhost',
  };
}

/** A git that answered nothing at all has not run, whatever its exit code says. */
async function readAnswer(file: string, name: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RollbackdError('code', `git ${name} ended well but wrote no answer`, {
      remedy: 'check that code.program is a working git',
      cause,
    });
  });
}

const nulSeparated = (text: string): string[] => text.split('\0').filter((part) => part !== '');

function commandFailed([name = '']: readonly string[], error: unknown): unknown {
  if (error instanceof RollbackdError && error.reason === 'aborted') return error;
  return new RollbackdError('code', `git ${name} could not be run: ${explain(error)}`, {
    remedy: 'check code.program and code.timeout',
    cause: error,
  });
}

function refused(config: CodeConfig, [name = '']: readonly string[], result: CommandResult): RollbackdError {
  const said = redact(result.stderr.trim().split('\n').slice(-5).join(' / '));
  return new RollbackdError('code', `git ${name} failed with exit code ${result.exitCode}: ${said || 'no message'}`, {
    remedy: remedies.find(([symptom]) => symptom.test(said))?.[1](config) ?? `look at ${config.repository} by hand`,
  });
}

const remedies: readonly (readonly [RegExp, (config: CodeConfig) => string])[] = [
  [/dubious ownership/, ({ repository }) => `run rollbackd as the user who owns ${repository}`],
  [
    /permission denied|insufficient permission|read-only file system/i,
    ({ repository }) => `let rollbackd's user write to ${repository}, or run it as the user who owns it`,
  ],
  [/no space left/i, () => 'free some disk space'],
  [/not a git repository/i, ({ repository }) => `code.repository must name a git checkout; ${repository} is none`],
  [/\.lock': File exists/, ({ repository }) => `another git works in ${repository}: let it finish`],
  [/unable to read|bad object|missing blob|bad tree/i, () => 'run git fsck, and fetch what is missing from the origin'],
];
