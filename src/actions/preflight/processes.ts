import { basename, isAbsolute, join, relative } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { takenBy } from '../port-taken.ts';
import { realPath } from '../real-path.ts';
import { serverFolder } from '../server-folder.ts';
import { legacyDatabaseValues } from '../start/legacy-database-values.ts';
import type { World } from '../world.ts';
import type { Look } from './look.ts';

/** What the process manager and its daemon would refuse: stopping, keeping it so, and starting with the legacy environment. */
export const processes: Look = async (world, signal) => {
  const refusals = await world.process.refusals(signal);
  const unbeatable = await world.process.environmentObstacles(await legacyDatabaseValues(world));
  return [...refusals.map(({ reason, mend }) => ({ what: reason, mend })), ...unbeatable];
};

/** That the application can listen where it does: whoever is on its port without being of the target stops both fence and start. */
export const port: Look = async (world, signal) => {
  const what = await takenBy(world, signal);
  const mend = 'stop it, or give it another port; rollbackd ends only the processes named in its configuration';
  return what === undefined ? [] : [{ what, mend }];
};

/** pm2 takes any other file for a script to run. */
const knownToPm2 = /(\.config\.(js|cjs|mjs)|\.json5?|\.ya?ml)$/;

/** That the legacy application can be started from its file: it will be there, under a name that pm2 takes for one, and define it. */
export const ecosystem: Look = async (world, signal) => {
  const { ecosystemFile } = world.settings.process;
  const misnamed = knownToPm2.test(basename(ecosystemFile)) ? [] : [takenForScript(ecosystemFile)];
  const file = await afterSwitch(ecosystemFile, world, signal);
  if ('missing' in file) return [...misnamed, file.missing];
  if (misnamed.length > 0 || file.isUnknown) return misnamed;
  const { isSwitched, text } = file;
  const workingDirectory = serverFolder(world.settings);
  const look = { ecosystemFile, workingDirectory, isSwitched, ...(text !== undefined && { text }) };
  return await world.process.ecosystemObstacles(look, signal);
};

type FileAfterSwitch =
  | { readonly missing: Obstacle }
  | { readonly isSwitched: boolean; readonly text?: string | undefined; readonly isUnknown?: boolean };

async function afterSwitch(file: string, { settings, code }: World, signal: AbortSignal): Promise<FileAfterSwitch> {
  const repository = await realPath(settings.code.repository);
  const inside = relative(repository, join(await realPath(join(file, '..')), basename(file)));
  if (inside.startsWith('..') || isAbsolute(inside)) {
    if (await pathExists(file)) return { isSwitched: false };
    const mend = 'write it, or correct process.ecosystemFile';
    return { missing: { what: `process.ecosystemFile ${file} is not there`, mend } };
  }
  const found = await code.afterSwitch(inside, signal);
  // One that is to be kept and is not there is told by the look at the checkout.
  if (found.is === 'kept') return { isSwitched: true, isUnknown: !(await pathExists(file)) };
  if (found.is === 'legacy') return { isSwitched: true, text: found.text, isUnknown: found.text === undefined };
  const what = `process.ecosystemFile ${file} is not in ${settings.code.legacyRef} and would be gone after the switch`;
  return { missing: { what, mend: `name ${inside} under code.keep, or keep the file outside of the checkout` } };
}

const takenForScript = (file: string): Obstacle => ({
  what: `pm2 would run process.ecosystemFile ${file} as a script`,
  mend: 'give it a name that ends with .config.js, .config.cjs, .config.mjs, .json or .yml',
});
