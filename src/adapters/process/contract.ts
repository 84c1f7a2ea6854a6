import type { ProcessIdentity } from '../../model/child.ts';
import type { Obstacle } from '../../model/obstacle.ts';

export interface ManagedProcess {
  readonly name: string;
  /** Id in the process manager, stable over restarts. */
  readonly managerId: number;
  /** 0 where it has no living process. */
  readonly pid: number;
  readonly status: 'online' | 'stopped' | 'starting' | 'errored' | 'other';
  readonly workingDirectory: string;
  readonly restarts: number;
}

/** One process of the target as the manager would bring it back after a reboot. */
export interface SavedProcess {
  readonly name: string;
  readonly startsAtBoot: boolean;
  readonly workingDirectory: string;
}

export interface StartRequest {
  readonly ecosystemFile: string;
  /** The application's working folder, whatever the ecosystem file says. */
  readonly workingDirectory: string;
  /**
   * Values to be in force for the database variables; proven afterwards by `environmentInForce`. They are said explicitly only where
   * the process manager's own environment would win, since an explicit value outlives every later change of the application's file.
   */
  readonly environment: Readonly<Record<string, string>>;
}

/** The ecosystem file as it will be when the legacy application is started from it. */
export interface EcosystemAfterSwitch {
  readonly ecosystemFile: string;
  /** Where the start will look at it. */
  readonly workingDirectory: string;
  /** It lies in the checkout: what it takes from other files may be something else by then. */
  readonly isSwitched: boolean;
  /** Its text by then, where that is not what lies there now. */
  readonly text?: string;
}

/** Why something would be unsafe, or of no avail, with this manager. */
export interface Refusal {
  /**
   * `acting`: nothing may be done through it (a daemon we started, one of our own unit). `saving`: its list must not be saved.
   * `staying`: the application may be stopped, and would be started again by the manager itself.
   */
  readonly against: 'acting' | 'saving' | 'staying';
  readonly reason: string;
  /** What a person does about it. */
  readonly mend: string;
}

/**
 * A process manager, limited to the target's own processes by name. Every method is idempotent; none is retried inside.
 * Nothing here trusts an exit code: callers prove results with `list`, /proc and ports.
 * Errors: RollbackdError with reason `process-manager`, or of the command itself (`not-found`, `timed-out`, `aborted`).
 */
export interface ProcessAdapter {
  /** The target's processes only; never carries their environment. */
  list(signal: AbortSignal): Promise<ManagedProcess[]>;
  /** What a reboot would bring back of the target: it may lag behind `list` where a write was cut off before it was saved. */
  saved(): Promise<SavedProcess[]>;
  refusals(signal: AbortSignal): Promise<Refusal[]>;
  /** Why `replace` with these values would not have them in force. */
  environmentObstacles(environment: StartRequest['environment']): Promise<Obstacle[]>;
  /** Why `replace` would not start the target from that file: read as the manager reads it, and never started. */
  ecosystemObstacles(look: EcosystemAfterSwitch, signal: AbortSignal): Promise<Obstacle[]>;
  /** Stopped until the next boot: for where the list must not be saved. */
  stop(signal: AbortSignal): Promise<void>;
  /** Stopped, and saved so that a reboot does not bring it back. Keeps the definition for a release. */
  stopAndSave(signal: AbortSignal): Promise<void>;
  /** Starts again what `stopAndSave` stopped, with the environment it had. */
  release(signal: AbortSignal): Promise<void>;
  /** Forgets the old definition, starts the new one, saves it. */
  replace(request: StartRequest, signal: AbortSignal): Promise<void>;
  /** Selected variables as the living process was given them; `undefined` where unset, so that the application's own file decides. */
  environmentInForce(process: ProcessIdentity, names: readonly string[]): Promise<Record<string, string | undefined>>;
  /** The commands the two writes would run, for a dry run. */
  describe(what: 'stopAndSave' | 'release' | 'replace'): string[];
}
