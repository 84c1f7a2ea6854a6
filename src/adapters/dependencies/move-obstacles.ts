import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explain, RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import { readLock } from './installed-packages.ts';
import { proveRenames } from './move-in.ts';

/** Why `moveIn` with the same folders would fail, or leave packages behind. */
export async function moveObstacles(stagedFolder: string, folder: string, keepIn: string): Promise<string[]> {
  return [
    ...(await nestedPackages(stagedFolder, folder)),
    ...(await renameObstacles([stagedFolder, await nearestFolder(folder), dirname(keepIn)])),
  ];
}

/** A package found there wins over one of the node_modules above it, the only one that is moved. */
async function nestedPackages(stagedFolder: string, folder: string): Promise<string[]> {
  const { linked } = await readLock(stagedFolder);
  const places = linked.flatMap((path) => [join(stagedFolder, path), join(folder, path)]);
  const nested = await Promise.all(places.map((place) => packagesIn(join(place, 'node_modules'))));
  return places.flatMap((place, index) =>
    nested[index]?.length
      ? [
          `${place} has packages of its own (${nested[index]?.slice(0, 3).join(', ')}): only one node_modules is switched`,
        ]
      : [],
  );
}

async function packagesIn(place: string): Promise<string[]> {
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.'));
}

async function renameObstacles(folders: readonly string[]): Promise<string[]> {
  await mkdir(folders.at(-1) ?? '', { recursive: true });
  return await proveRenames(folders).then(
    () => [],
    (error: unknown) => {
      if (error instanceof RollbackdError) return [explain(error)];
      throw error;
    },
  );
}

/** The server's folder may only come with the legacy code. */
async function nearestFolder(folder: string): Promise<string> {
  return (await pathExists(folder)) ? folder : await nearestFolder(dirname(folder));
}
