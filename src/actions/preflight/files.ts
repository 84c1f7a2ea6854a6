import { constants } from 'node:fs';
import { access, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { realPath } from '../real-path.ts';
import type { World } from '../world.ts';
import type { Look } from './look.ts';

/** Whatever a run writes besides the checkout and the databases, and the logs that it reads. */
export const files: Look = async (world) => {
  const { rollback, code, env, logs } = world.settings;
  const obstacles = await Promise.all([
    writableFolder('rollback.evidenceFolder', rollback.evidenceFolder),
    writableFolder('code.releases', code.releases),
    writableFolder('the folder of env.file', dirname(await realPath(env.file))),
    freezeMarker(rollback.freezeFile),
    readableLog('logs.output', logs.output, world),
    readableLog('logs.error', logs.error, world),
  ]);
  return [...obstacles.filter((found) => found !== undefined), ...(await world.env.replacementObstacles())];
};

/** Not read: that takes minutes, and each rollback does it before anything else. */
export const backup: Look = async ({ findBackup }) => {
  await findBackup();
  return [];
};

/** It may still have to be made. */
async function writableFolder(name: string, folder: string): Promise<Obstacle | undefined> {
  const there = await nearest(folder);
  const mend = `let rollbackd's user write ${there}`;
  try {
    if (!(await stat(there)).isDirectory()) {
      return { what: `${name}: ${there} is no folder`, mend: 'move that file away, or correct the configuration' };
    }
    await access(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return { what: `${name}: ${there} cannot be written (${(error as NodeJS.ErrnoException).code})`, mend };
  }
}

const nearest = async (folder: string): Promise<string> =>
  (await pathExists(folder)) || dirname(folder) === folder ? folder : nearest(dirname(folder));

async function freezeMarker(file: string): Promise<Obstacle | undefined> {
  const trial = `${file}.rollbackd-test`;
  const mend = 'make its folder one that rollbackd may write, or correct rollback.freezeFile';
  try {
    await (await open(trial, 'w')).close();
    await rm(trial);
  } catch (error) {
    return { what: `rollback.freezeFile ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`, mend };
  }
  const found = await stat(file).catch(() => undefined);
  return found?.isDirectory() ? { what: `rollback.freezeFile ${file} is a folder`, mend: 'move it away' } : undefined;
}

async function readableLog(name: string, pattern: string, { logs }: World): Promise<Obstacle | undefined> {
  try {
    await logs.mark(pattern);
    return undefined;
  } catch (error) {
    return { what: `${name}: ${(error as Error).message}`, mend: "let rollbackd's user read it" };
  }
}
