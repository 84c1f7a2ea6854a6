import type { Obstacle } from '../../model/obstacle.ts';

/** A database URI of an environment file, without its credentials. */
export interface DatabaseAddress {
  readonly variable: string;
  /** `host:port`; without a port the name of an SRV record or the path of a Unix socket. */
  readonly hosts: readonly string[];
  /** May hold a `{tenant}` placeholder; empty where the URI names none. */
  readonly database: string;
}

/**
 * The application's environment file.
 * Errors: RollbackdError with reason `env-missing`, `env-variable-missing`, `env-unparsable`, `env-unwritable` or `env-points-at-unified`.
 */
export interface EnvAdapter {
  /** Addresses named by the given side's file. The legacy file must set every variable, the current one at least one of them. */
  addresses(side: 'current' | 'legacy'): Promise<DatabaseAddress[]>;
  /** Selected raw values of a side's file. They are secrets. */
  values(side: 'current' | 'legacy', names: readonly string[]): Promise<Record<string, string | undefined>>;
  /** Why `switchToLegacy` could not replace the file, tried without changing it. Whether its folder may be written is not part of it. */
  replacementObstacles(): Promise<Obstacle[]>;
  /** The old file kept under its own name in the folder `keepIn` (0600; no kept copy is ever replaced: other contents go beside it as `-2` and so on), then the legacy file in its place, atomically, with the old file's owner and mode. */
  switchToLegacy(keepIn: string): Promise<void>;
  /** True when the file in place has exactly the legacy file's bytes. */
  isLegacy(): Promise<boolean>;
}
