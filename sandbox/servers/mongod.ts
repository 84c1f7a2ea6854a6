import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '../tools/tool.ts';
import { endProcess, signal, waitUntilGone } from '../workspace/end-process.ts';
import { isRunning } from '../workspace/process-identity.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { answers, connectionString, createRootUser, type Place, takeOver, takesWrites } from './mongod-setup.ts';
import { type RunningProcess, startProcess } from './start-process.ts';
import type { Credentials } from './users.ts';
import { waitUntilReady } from './wait-until.ts';

export interface MongodOptions {
  readonly workspace: Workspace;
  readonly tool: Tool;
  readonly replicaSet: boolean;
  /** How often expired documents are deleted; by default once a minute. */
  readonly expiresEverySeconds?: number;
  /** A server that was stopped in good order, whose data it is to begin with. */
  readonly from?: { readonly fill: (dataFolder: string) => Promise<void>; readonly root: Credentials };
}

export interface Mongod extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The root user's connection string. */
  readonly adminUri: string;
  readonly root: Credentials;
  readonly dataFolder: string;
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

const HOST = '127.0.0.1';
const KILLED_WITHIN_MS = 5_000;

/** A real mongod on the loopback that lets nobody in without a password, with one user so far: root. */
export async function startMongod(options: MongodOptions): Promise<Mongod> {
  const place: Place = { host: HOST, port: await options.workspace.freePort(), replicaSet: options.replicaSet };
  const folder = join(options.workspace.root, `mongod-${place.port}`);
  const dataFolder = join(folder, 'data');
  const args = await prepare(folder, place, options);
  await options.from?.fill(dataFolder);
  let running = await launch(options, folder, args, place);
  const root = options.from ? await takeOver(place, options.from.root) : await createRootUser(place);

  const stop = () => endProcess(running, 20_000);
  return {
    host: place.host,
    port: place.port,
    adminUri: connectionString(place, root),
    root,
    dataFolder,
    get pid() {
      return running.pid;
    },
    uri: (credentials, database) => connectionString(place, credentials, database),
    stop,
    async kill() {
      signal(running, 'SIGKILL');
      if (!(await waitUntilGone(running, KILLED_WITHIN_MS))) throw new Error(`mongod ${running.pid} survives SIGKILL`);
    },
    suspend: () => signal(running, 'SIGSTOP'),
    resume: () => signal(running, 'SIGCONT'),
    async restart() {
      if (isRunning(running)) await stop();
      running = await launch(options, folder, args, place);
      await waitUntilReady(running, () => takesWrites(place));
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function launch(
  { workspace, tool }: MongodOptions,
  folder: string,
  args: readonly string[],
  place: Place,
): Promise<RunningProcess> {
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  const logFile = join(folder, 'output.log');
  const running = await startProcess({
    workspace,
    what: 'mongod',
    command: tool.path,
    args,
    cwd: folder,
    environment,
    logFile,
  });
  await waitUntilReady(running, () => answers(place));
  return running;
}

/** Makes the folders, and the arguments that go with them: small, quiet, quick to stop. */
async function prepare(
  folder: string,
  { host, port, replicaSet }: Place,
  { expiresEverySeconds }: MongodOptions,
): Promise<readonly string[]> {
  await mkdir(join(folder, 'data'), { recursive: true });
  const args = ['--auth', '--bind_ip', host, '--port', String(port), '--nounixsocket'];
  args.push('--dbpath', join(folder, 'data'), '--logpath', join(folder, 'mongod.log'), '--logappend');
  args.push('--wiredTigerCacheSizeGB', '0.25', '--setParameter', 'diagnosticDataCollectionEnabled=false');
  if (expiresEverySeconds !== undefined) args.push('--setParameter', `ttlMonitorSleepSecs=${expiresEverySeconds}`);
  if (!replicaSet) return args;
  const keyFile = join(folder, 'key');
  await writeFile(keyFile, randomBytes(96).toString('base64'), { mode: 0o600 });
  // By default a member of a replica set waits 15 s for others to take over before it ends.
  args.push('--replSet', 'sandbox', '--keyFile', keyFile, '--oplogSize', '64');
  args.push('--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100');
  return args;
}
