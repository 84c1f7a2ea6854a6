import type { ProcessIdentity } from '../../model/child.ts';

export interface PortUse {
  /**
   * Living processes that listen on the port. In a cluster of Node processes the listener is the one that forks the workers
   * (under pm2: its daemon), while the workers hold the connections.
   */
  readonly listeners: readonly ProcessIdentity[];
  readonly listening: boolean;
  /** Established connections to the port that the application's side holds. */
  readonly established: number;
}

/** What /proc and the file system say, without any other program. */
export interface Host {
  portUse(port: number): Promise<PortUse>;
  /** Processes with an open connection to host:port of a server, among the given ones or all. */
  connectedTo(address: { host: string; port: number }): Promise<ProcessIdentity[]>;
  identity(pid: number): Promise<ProcessIdentity | undefined>;
  workingDirectory(pid: number): Promise<string | undefined>;
  /** Processes whose environment carries the given assignment, such as a run tag. */
  withEnvironment(name: string, value: string): Promise<ProcessIdentity[]>;
  freeBytes(folder: string): Promise<number>;
}

/** What must be known of a process manager's daemon before it is trusted. */
export interface ProcessInspection {
  /** Selected variables that the process was started with; `undefined` for the whole where it is gone or not ours to read. */
  environment(
    process: ProcessIdentity,
    names: readonly string[],
  ): Promise<Readonly<Record<string, string | undefined>> | undefined>;
  /** Parent, its parent, and so on. */
  ancestors(pid: number): Promise<number[]>;
  /** Path of the innermost .service unit whose control group holds the process; `undefined` outside of any. */
  serviceUnit(pid: number): Promise<string | undefined>;
  /** Processes that listen on a Unix socket. */
  socketListeners(path: string): Promise<ProcessIdentity[]>;
}
