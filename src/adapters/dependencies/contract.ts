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
  /** The staged folder's node_modules renamed into the checkout; the one that was there is kept as `keepIn`/node_modules. Same file system only. Idempotent. */
  moveIn(stagedFolder: string, folder: string, keepIn: string): Promise<void>;
  describe(folder: string): string[];
  /** Why installing would fail for a reason that can be seen before; empty where none is seen. */
  refusals(): Promise<string[]>;
}
