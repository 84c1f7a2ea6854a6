import { open, realpath } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { explain, RollbackdError } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';
import type { CommandResult, RunCommand } from '../../exec/contract.ts';
import { type HomePlaces, npmHome } from './npm-home.ts';
import type { DependenciesConfig } from './schema.ts';

export interface NpmOptions {
  readonly config: DependenciesConfig;
  /** The target's Node: it runs npm, and the packages' own scripts find it first. */
  readonly node: string;
  readonly run: RunCommand;
  /** For looking: on nobody's record. */
  readonly readOnly: RunCommand;
  readonly home: Omit<HomePlaces, 'configured'>;
}

/** What changes nothing. */
export const lookWithNpm: typeof runNpm = (options, command, folder, signal) =>
  runNpm({ ...options, run: options.readOnly }, command, folder, signal);

export async function runNpm(
  { config, node, run, home }: NpmOptions,
  command: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<CommandResult> {
  const HOME = await npmHome({ ...home, configured: config.home });
  const script = await scriptBehind(config.program);
  return await run(
    {
      program: script === undefined ? config.program : node,
      arguments: [...(script === undefined ? [] : [script]), ...command],
      environment: { ...quiet, HOME, PATH: searchPath(node), ...config.environment },
      workingDirectory: folder,
      timeoutMs: config.timeout,
    },
    signal,
  ).catch((error: unknown) => {
    if (error instanceof RollbackdError && error.reason === 'aborted') throw error;
    throw new RollbackdError('dependencies', `npm could not be run: ${explain(error)}`, {
      remedy: 'check dependencies.program and dependencies.timeout',
      cause: error,
    });
  });
}

/** npm asks nobody, reports to nobody and writes no log of its own. */
const quiet = {
  CI: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_logs_max: '0',
  npm_config_progress: 'false',
  npm_config_update_notifier: 'false',
};

const searchPath = (node: string): string =>
  [dirname(node), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** npm is a script for Node, usually behind a link: run by name it would take the first `node` it finds. Anything else is run as it is. */
async function scriptBehind(program: string): Promise<string | undefined> {
  const file = await realpath(program).catch(() => undefined);
  if (file === undefined) return undefined;
  if (['.js', '.cjs', '.mjs'].includes(extname(file))) return file;
  await using opened = await open(file);
  const { buffer, bytesRead } = await opened.read(Buffer.alloc(128), 0, 128, 0);
  return /^#!.*\bnode\b/.test(buffer.toString('latin1', 0, bytesRead)) ? file : undefined;
}

/** As a shell counts an end by SIGKILL, which nobody but the kernel sends here. */
export const killed = 137;

export function npmRefused(command: string, folder: string, { exitCode, stderr }: CommandResult): RollbackdError {
  if (exitCode === killed) {
    return new RollbackdError(
      'dependencies',
      `npm ${command} in ${folder} was killed: most likely this host has too little memory`,
      {
        remedy:
          'free memory or add swap, or keep npm small with dependencies.environment (NODE_OPTIONS, npm_config_maxsockets)',
      },
    );
  }
  const whole = redact(stderr);
  // npm begins with the error's code and ends with pages of advice.
  const said = (whole.match(/^npm (?:error|ERR!).*\S/gm) ?? whole.trim().split('\n')).slice(0, 5).join(' / ');
  return new RollbackdError(
    'dependencies',
    `npm ${command} in ${folder} failed with exit code ${exitCode}: ${said || 'no message'}`,
    {
      remedy: remedies.find(([symptom]) => symptom.test(whole))?.[1] ?? 'run it by hand in that folder',
    },
  );
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [/code EUSAGE/, 'package.json and the lock file of the legacy commit do not match'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|network/,
    'let this host reach the registry, or fill the npm cache',
  ],
  [/ENOSPC|no space/i, 'free some disk space'],
  [/EACCES|EPERM/, "let rollbackd's user write to that folder"],
];
