import type { Tool } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Credentials } from './users.ts';

export interface MongodOptions {
  readonly workspace: Workspace;
  readonly tool: Tool;
  readonly replicaSet: boolean;
}

export interface Mongod extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The root user's connection string. */
  readonly adminUri: string;
  /** Of the process running now: another one after restart(). */
  readonly pid: number;
  /** A connection string for one user; authSource and directConnection are in it. */
  uri(credentials: Credentials, database?: string): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  suspend(): void;
  resume(): void;
  /** Starts it again on the same data and port, stopping it first where it still runs. */
  restart(): Promise<void>;
}

export async function startMongod(_options: MongodOptions): Promise<Mongod> {
  throw new Error('not there yet');
}
