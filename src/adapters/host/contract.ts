import type { ProcessIdentity } from '../../model/child.ts';

export interface PortUse {
  /** Living processes that listen on the port. */
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
