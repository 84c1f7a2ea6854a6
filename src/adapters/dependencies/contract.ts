export interface InstalledPackages {
  /** Name -> version as found on the disk, for each dependency the package.json names. */
  readonly installed: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
}

/** Errors: RollbackdError with reason `dependencies`. */
export interface DependenciesAdapter {
  /** Installs exactly what the lock file of `folder` (absolute) says, without development packages. */
  install(folder: string, signal: AbortSignal): Promise<void>;
  /** Reads the disk, not an exit code. */
  installed(folder: string, signal: AbortSignal): Promise<InstalledPackages>;
  /** The staged folder's node_modules renamed into the checkout; the one that was there is kept in `keepIn`. Same file system only. Idempotent. */
  moveIn(stagedFolder: string, folder: string, keepIn: string): Promise<void>;
  describe(folder: string): string[];
}
