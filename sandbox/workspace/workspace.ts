/** A process, told apart from a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot: field 22 of /proc/<pid>/stat. */
  readonly startTime: number;
}

export interface StartedProcess extends ProcessIdentity {
  readonly what: string;
}

/** The temporary folder of one sandbox, and everything that runs out of it. Disposing ends the processes and removes the folder. */
export interface Workspace extends AsyncDisposable {
  readonly root: string;
  /** A free port on 127.0.0.1, never handed out twice. */
  freePort(): Promise<number>;
  registerProcess(process: StartedProcess): void;
}

export async function createWorkspace(): Promise<Workspace> {
  throw new Error('not there yet');
}
