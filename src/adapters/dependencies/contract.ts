import type { Obstacle } from '../../model/obstacle.ts';

export interface InstalledPackages {
  /** Name -> version as found on the disk, for each dependency the package.json names. */
  readonly installed: Readonly<Record<string, string>>;
  /** What the lock file names, transitive packages too, and the disk lacks or has in another version; then each says which. */
  readonly missing: readonly string[];
}

/** Errors: RollbackdError with reason `dependencies`. */
export interface DependenciesAdapter {
  /** Installs exactly what the lock file of `folder` (absolute) says, without development packages. */
  install(folder: string, signal: AbortSignal): Promise<void>;
  /** Reads the disk, not an exit code. */
  installed(folder: string, signal: AbortSignal): Promise<InstalledPackages>;
  /** The folder in which whatever lies in `folder` was installed, by the lock file that is there now and to the end; undefined where no such installation is known. */
  installedIn(folder: string): Promise<string | undefined>;
  /** Why `moveIn` with the same folders would fail or leave packages behind: known before there is any downtime. */
  refusals(stagedFolder: string, folder: string, keepIn: string): Promise<string[]>;
  /** The staged folder's node_modules renamed into the checkout; the one that was there is kept as `keepIn`/node_modules. Same file system only. Idempotent. */
  moveIn(stagedFolder: string, folder: string, keepIn: string): Promise<void>;
  describe(folder: string): string[];
  /** Why installing would fail on this host, whatever is installed: no npm, no home for it, no registry. Installs nothing. */
  hostObstacles(signal: AbortSignal): Promise<Obstacle[]>;
}
