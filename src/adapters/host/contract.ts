import type { ProcessIdentity } from '../../model/child.ts';

export interface PortUse {
  /**
   * Living processes that listen on the port. In a cluster of Node processes the listener is the one that forks the workers
   * (under pm2: its daemon), while the workers hold the connections.
   */
  readonly listeners: readonly ProcessIdentity[];
  readonly listening: boolean;
  /** Users of the listening sockets that none of the processes that we can look into holds. */
  readonly hidden: readonly number[];
  /** Established connections to the port that the application's side holds. */
  readonly established: number;
}

/** An open connection whose process cannot be seen: another user's, where we are not root, or in another container. */
export interface UnseenConnection {
  readonly localPort: number;
  readonly inode: string;
  /** Of whoever opened it. */
  readonly uid: number;
}

/** Who of this host talks to a server, as far as the kernel tells. */
export interface ServerClients {
  /** Processes with a connection, whatever its state. */
  readonly processes: readonly ProcessIdentity[];
  /** Established connections that none of the processes that we can look into holds. */
  readonly unseen: readonly UnseenConnection[];
  /** Present where somebody is connected by the server's Unix socket: whose the other ends are, the kernel does not tell. */
  readonly bySocketFile?: {
    readonly path: string;
    readonly connections: number;
    /** Every process that holds some connected Unix socket without a name: the clients are among them, or hidden. */
    readonly suspects: readonly ProcessIdentity[];
    /** There are processes that cannot be looked into. */
    readonly hidden: boolean;
  };
}

export interface FileSystemSpace {
  /** The same for two folders exactly where they share their space. */
  readonly fileSystem: string;
  readonly free: number;
  readonly total: number;
}

/** What /proc and the file system say, without any other program. */
export interface Host {
  portUse(port: number): Promise<PortUse>;
  /**
   * Only how many connections to the port are established, without looking for whose they are; `undefined` where nobody
   * is seen to listen on it, as from a container with a network of its own.
   */
  establishedTo(port: number): Promise<number | undefined>;
  /** Who has an open connection to a MongoDB server at host:port, or by its Unix socket if it runs here. */
  connectedTo(address: { host: string; port: number }): Promise<ServerClients>;
  identity(pid: number): Promise<ProcessIdentity | undefined>;
  workingDirectory(pid: number): Promise<string | undefined>;
  /** What it is called, as `ps` shows it. */
  programName(pid: number): Promise<string | undefined>;
  /** The user that it runs as. */
  user(pid: number): Promise<number | undefined>;
  /** Parent, its parent, and so on. */
  ancestors(pid: number): Promise<number[]>;
  /** Who keeps a process alive, in words: its systemd unit and the PM2_HOME it was started with; empty where neither is known. */
  keeper(process: ProcessIdentity): Promise<string>;
  /** Processes whose environment carries the given assignment, such as a run tag. */
  withEnvironment(name: string, value: string): Promise<ProcessIdentity[]>;
  /** Of the file system that the folder lies on, or would lie on. */
  space(folder: string): Promise<FileSystemSpace>;
}

/** What must be known of a process manager's daemon before it is trusted. */
export interface ProcessInspection {
  /** Selected variables that the process was started with; `undefined` for the whole where it is gone or not ours to read. */
  environment(
    process: ProcessIdentity,
    names: readonly string[],
  ): Promise<Readonly<Record<string, string | undefined>> | undefined>;
  ancestors: Host['ancestors'];
  /** Path of the innermost .service unit whose control group holds the process; `undefined` outside of any. */
  serviceUnit(pid: number): Promise<string | undefined>;
  /** Processes that listen on a Unix socket. */
  socketListeners(path: string): Promise<ProcessIdentity[]>;
}
