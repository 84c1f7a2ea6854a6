import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { descendantsOf } from '../workspace/descendants.ts';
import { endProcess } from '../workspace/end-process.ts';
import { killFrozen } from '../workspace/kill-frozen.ts';
import { isRunning } from '../workspace/process-identity.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { nginxConfiguration, switchIn } from './nginx-configuration.ts';
import type { RunningProcess } from './start-process.ts';
import { waitUntilReady } from './wait-until.ts';

export interface BalancerOptions {
  readonly workspace: Workspace;
  readonly appPort: number;
  /** False: `/health` never reaches the application, the balancer answers index.html with 200. */
  readonly proxyHealth: boolean;
  /** What its access log holds from before; default: nothing. */
  readonly past?: string;
}

/** Where a balancer keeps its files: the same places for nginx and for the proxy that stands in for it. */
export interface BalancerFiles {
  readonly prefix: string;
  readonly configFile: string;
  /** While it is there every request is answered with 503. */
  readonly maintenanceFile: string;
  /** How nginx is told so. */
  readonly switchFile: string;
  readonly accessLog: string;
}

export interface Balancer extends BalancerFiles, AsyncDisposable {
  readonly kind: 'nginx' | 'proxy';
  readonly url: string;
  readonly port: number;
  /** Of the process running now: another one after restart(). */
  readonly pid: number;
  stop(): Promise<void>;
  /** SIGKILL, to its workers as well: nobody listens any more. */
  kill(): void;
  /** Starts it again on the same port with the same files, stopping it first where it still runs. */
  restart(): Promise<void>;
}

export interface PreparedBalancer extends BalancerFiles {
  readonly port: number;
  readonly outputLog: string;
}

export async function prepareBalancer({
  workspace,
  appPort,
  proxyHealth,
  past,
}: BalancerOptions): Promise<PreparedBalancer> {
  const port = await workspace.freePort();
  const files = balancerFiles(join(workspace.root, `balancer-${port}`));
  for (const folder of ['conf', 'logs', 'temp', 'switch']) await mkdir(join(files.prefix, folder), { recursive: true });
  await writeFile(files.configFile, nginxConfiguration({ port, appPort, proxyHealth }));
  await writeFile(files.switchFile, switchIn(files));
  if (past !== undefined) await writeFile(files.accessLog, past);
  return { ...files, port, outputLog: join(files.prefix, 'logs', 'output.log') };
}

export function balancerFiles(prefix: string): BalancerFiles {
  return {
    prefix,
    configFile: join(prefix, 'conf', 'nginx.conf'),
    maintenanceFile: join(prefix, 'switch', 'maintenance'),
    switchFile: join(prefix, 'conf', 'maintenance.conf'),
    accessLog: join(prefix, 'logs', 'access.log'),
  };
}

export async function runningBalancer(
  { outputLog: _, ...prepared }: PreparedBalancer,
  start: () => Promise<RunningProcess>,
  kind: Balancer['kind'],
): Promise<Balancer> {
  const url = `http://127.0.0.1:${prepared.port}`;
  const launch = async () => {
    const started = await start();
    await waitUntilReady(started, () => answers(url));
    return started;
  };
  let running = await launch();
  const stop = () => endProcess(running);
  return {
    ...prepared,
    kind,
    url,
    get pid() {
      return running.pid;
    },
    stop,
    kill: () => void killFrozen(() => [running, ...descendantsOf(running.pid)].filter(isRunning)),
    async restart() {
      if (isRunning(running)) await stop();
      running = await launch();
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Any answer will do: there need be no application behind it yet. */
async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { headers: { connection: 'close' } })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
