import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import type { Obstacle } from '../../model/obstacle.ts';

export interface HomePlaces {
  /** `dependencies.home`. */
  readonly configured: string | undefined;
  /** A folder of rollbackd's own, for a service user without a home. */
  readonly own: string;
  readonly ofUser?: () => string | undefined;
}

/**
 * Where npm keeps its cache and reads its settings: as configured, else the user's home, where a cache may lie that spares the
 * registry. Service users often have none that they may write, and npm fails there: then a folder of our own, which fills by use.
 * Errors: RollbackdError `dependencies`.
 */
export async function npmHome(places: HomePlaces): Promise<string> {
  const home = await chosen(places);
  await mkdir(home.folder, { recursive: true, mode: 0o700 }).catch(() => {});
  if (await isUsable(home.folder)) return home.folder;
  throw new RollbackdError('dependencies', `${unusable(home)}: npm would fail`, { remedy });
}

/** Why `npmHome` would find none; makes none. */
export async function npmHomeRefusals(places: HomePlaces): Promise<Obstacle[]> {
  const home = await chosen(places);
  return (await canBeMade(home.folder)) ? [] : [{ what: `${unusable(home)}: npm would fail`, mend: remedy }];
}

interface Home {
  readonly folder: string;
  readonly what: string;
}

async function chosen({ configured, own, ofUser = homeOfUser }: HomePlaces): Promise<Home> {
  if (configured !== undefined) return { folder: configured, what: 'which is dependencies.home,' };
  const home = ofUser();
  return home !== undefined && (await isUsable(home))
    ? { folder: home, what: "which is the user's home," }
    : { folder: own, what: `which stands in for a home because ${whose(home)},` };
}

const remedy = "set dependencies.home to a folder that rollbackd's user may write";

const unusable = ({ folder, what }: Home): string => `${folder}, ${what} cannot be written`;

const whose = (home: string | undefined): string =>
  home === undefined ? "rollbackd's user has none" : `${home} cannot be used`;

async function canBeMade(folder: string): Promise<boolean> {
  return (await pathExists(folder)) || dirname(folder) === folder
    ? await isUsable(folder)
    : await canBeMade(dirname(folder));
}

async function isUsable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

/** A user id without an entry has no home. */
function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}
