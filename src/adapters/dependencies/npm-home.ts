import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { RollbackdError } from '../../core/errors.ts';

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
export async function npmHome({ configured, own, ofUser = homeOfUser }: HomePlaces): Promise<string> {
  if (configured !== undefined) return await made(configured, 'which is dependencies.home,');
  const home = ofUser();
  return home !== undefined && (await isUsable(home))
    ? home
    : await made(own, `which stands in for a home because ${whose(home)},`);
}

const whose = (home: string | undefined): string =>
  home === undefined ? "rollbackd's user has none" : `${home} cannot be used`;

async function made(folder: string, what: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
  if (await isUsable(folder)) return folder;
  throw new RollbackdError('dependencies', `${folder}, ${what} cannot be written: npm would fail`, {
    remedy: "set dependencies.home to a folder that rollbackd's user may write",
  });
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
