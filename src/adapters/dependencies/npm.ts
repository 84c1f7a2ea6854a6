import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { DependenciesAdapter } from './contract.ts';
import { installedIn, markInstalled, unmark } from './installation-mark.ts';
import { readInstalled, readLock } from './installed-packages.ts';
import { moveIn } from './move-in.ts';
import { moveObstacles } from './move-obstacles.ts';
import { killed, lookWithNpm, type NpmOptions, npmRefused, runNpm } from './npm-command.ts';
import { npmObstacles } from './npm-obstacles.ts';

export function npmAdapter(options: NpmOptions): DependenciesAdapter {
  const { config, node } = options;
  return {
    async install(folder, signal) {
      await unmark(folder);
      const result = await runNpm(options, config.install, folder, signal);
      if (result.exitCode !== 0) throw npmRefused(config.install.join(' '), folder, result);
      // npm makes none where nothing is to be installed, and there must be one to move.
      await mkdir(join(folder, 'node_modules'), { recursive: true });
      await markInstalled(folder, (await readLock(folder)).text);
    },
    async installed(folder, signal) {
      const onDisk = await readInstalled(folder);
      if (onDisk.missing.length > 0) return onDisk;
      return { ...onDisk, missing: await missingByNpm(options, folder, signal) };
    },
    installedIn: async (folder) => installedIn(folder, (await readLock(folder)).text),
    moveIn,
    refusals: moveObstacles,
    hostObstacles: (signal) => npmObstacles(options, signal),
    describe: (folder) =>
      [config.install, config.list].map((command) => describeNpm(folder, node, config.program, command)),
  };
}

const describeNpm = (folder: string, node: string, program: string, command: readonly string[]): string =>
  `cd ${folder} && ${[node, program, ...command].join(' ')}`;

const listing = z.object({
  dependencies: z
    .record(z.string(), z.object({ missing: z.boolean().optional(), problems: z.array(z.string()).optional() }))
    .default({}),
});

/** npm's own view, as a second witness. Its exit code also complains of packages that are there but not asked for, so it is not used. */
async function missingByNpm(options: NpmOptions, folder: string, signal: AbortSignal): Promise<string[]> {
  const { config } = options;
  if (!config.list.includes('--json')) return [];
  const result = await lookWithNpm(options, config.list, folder, signal);
  if (result.exitCode === killed) throw npmRefused(config.list.join(' '), folder, result);
  const { data } = listing.safeParse(parsed(result.stdout));
  if (data === undefined) {
    throw new RollbackdError('dependencies', `npm ${config.list.join(' ')} in ${folder} gave no answer`, {
      remedy: 'check that dependencies.program is a working npm',
    });
  }
  return Object.entries(data.dependencies).flatMap(([name, { missing, problems }]) =>
    missing && problems !== undefined ? [name] : [],
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
