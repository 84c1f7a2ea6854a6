import type { ChildPlanned, ProcessIdentity } from '../model/child.ts';

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  /** The child's whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly timeoutMs: number;
  /** Called for each line of output, stdout and stderr alike. */
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  readonly exitCode: number;
  /** The last 2,000 lines of each stream; secrets are the caller's to redact. */
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** Where children are written down: before they exist, when they run, when they are gone. */
export interface ChildLedger {
  planned(child: ChildPlanned): void;
  started(tag: string, identity: ProcessIdentity): void;
  ended(tag: string, outcome: 'exited' | 'killed' | 'timed-out' | 'never-started', code?: number): void;
}

/**
 * Runs one program in a process group of its own and waits for it. A non-zero exit code is a result, not an error.
 * On time-out or abort the whole group gets SIGTERM and, 5 s later, SIGKILL.
 * Errors: RollbackdError with reason `not-found`, `timed-out` or `aborted`.
 */
export type RunCommand = (command: Command, signal: AbortSignal) => Promise<CommandResult>;
