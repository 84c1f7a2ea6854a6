import { basename, isAbsolute, join, relative } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { takenBy } from '../port-taken.ts';
import { realPath } from '../real-path.ts';
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

/** That the file the legacy application is started from will be there after the switch, under a name that pm2 takes for one. */
export const ecosystem: Look = async (world, signal) => {
  const { ecosystemFile } = world.settings.process;
  const obstacles: Obstacle[] = [];
  if (!knownToPm2.test(basename(ecosystemFile))) {
    const mend = 'give it a name that ends with .config.js, .config.cjs, .config.mjs, .json or .yml';
    obstacles.push({ what: `pm2 would run process.ecosystemFile ${ecosystemFile} as a script`, mend });
  }
  const missing = await missingAfterSwitch(ecosystemFile, world, signal);
  return missing === undefined ? obstacles : [...obstacles, missing];
};

async function missingAfterSwitch(file: string, { settings, code }: World, signal: AbortSignal) {
  const repository = await realPath(settings.code.repository);
  const inside = relative(repository, join(await realPath(join(file, '..')), basename(file)));
  if (inside.startsWith('..') || isAbsolute(inside)) {
    if (await pathExists(file)) return undefined;
    return { what: `process.ecosystemFile ${file} is not there`, mend: 'write it, or correct process.ecosystemFile' };
  }
  if (await code.isThereAfterSwitch(inside, signal)) return undefined;
  return {
    what: `process.ecosystemFile ${file} is not in ${settings.code.legacyRef} and would be gone after the switch`,
    mend: `name ${inside} under code.keep, or keep the file outside of the checkout`,
  };
}
