import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '../tools/run-program.ts';
import type { Tool } from '../tools/tool.ts';
import { endProcess, signal, waitUntilGone } from '../workspace/end-process.ts';
import { isPm2DaemonOf } from '../workspace/left-behind.ts';
import { isRunning, type ProcessIdentity, processIdentity } from '../workspace/process-identity.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Pm2App, parseAppList } from './pm2-list.ts';

export type { Pm2App } from './pm2-list.ts';

export interface Pm2Options {
  readonly workspace: Workspace;
  readonly tool: Tool;
  readonly node: Tool;
}

/** pm2 with a home of its own under the target's Node. */
export interface Pm2 extends AsyncDisposable {
  /** PM2_HOME. */
  readonly home: string;
  /** What pm2 and its apps get besides the given: PATH (the target's node first), HOME, PM2_HOME. */
  readonly environment: Readonly<Record<string, string>>;
  start(ecosystemFile: string, env?: Readonly<Record<string, string>>): Promise<void>;
  list(): Promise<readonly Pm2App[]>;
  daemonPid(): number | undefined;
  /** SIGKILL to pm2's daemon alone: the apps are nobody's then, if they live on. */
  kill(): void;
  /** Deletes every app, ends pm2's daemon and waits until all of them are gone. */
  stop(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const APP_GONE_WITHIN_MS = 10_000;

export function privatePm2({ workspace, tool, node }: Pm2Options): Pm2 {
  const home = join(workspace.root, 'pm2');
  mkdirSync(home, { recursive: true });
  const environment = { PATH: targetPath(workspace, node), HOME: homedir(), PM2_HOME: home };
  const pm2 = (args: readonly string[], cwd = home, given: Readonly<Record<string, string>> = {}) =>
    runProgram(node.path, [tool.path, ...args], {
      cwd,
      environment: { ...environment, ...given },
      timeoutMs: TIMEOUT_MS,
    });
  const daemon = () => findDaemon(home);
  const list = async () => (daemon() ? parseAppList(await pm2(['jlist'])) : []);

  const stop = async () => {
    const running = daemon();
    if (running === undefined) return;
    const apps = await list();
    const processes = apps.flatMap((app) => identityOf(app.pid));
    if (apps.length > 0) await pm2(['delete', 'all']);
    await Promise.all(processes.map((process) => endUnlessGone(process)));
    await endProcess(running);
  };
  return {
    home,
    environment,
    async start(ecosystemFile, env) {
      try {
        // pm2 takes a relative script in an ecosystem file from where it was called.
        await pm2(['start', ecosystemFile], dirname(ecosystemFile), env);
      } finally {
        const running = daemon();
        if (running) workspace.registerProcess({ ...running, what: 'pm2 daemon' });
      }
    },
    list,
    daemonPid: () => daemon()?.pid,
    kill() {
      const running = daemon();
      if (running) signal(running, 'SIGKILL');
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The target's node comes first under the name `node`, whatever its file is called; npm lies beside the real one or in the system. */
function targetPath(workspace: Workspace, node: Tool): string {
  const bin = join(workspace.root, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(node.path, join(bin, 'node'));
  return [bin, dirname(node.path), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
}

/** Its pid file outlives it: the process must also say that it is the daemon of this home. */
function findDaemon(home: string): ProcessIdentity | undefined {
  const pid = Number(readIfThere(join(home, 'pm2.pid')));
  const [found] = identityOf(pid);
  return found && isRunning(found) && isPm2DaemonOf(pid, home) ? found : undefined;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function identityOf(pid: number | undefined): ProcessIdentity[] {
  const found = pid ? processIdentity(pid) : undefined;
  return found ? [found] : [];
}

async function endUnlessGone(app: ProcessIdentity): Promise<void> {
  if (!(await waitUntilGone(app, APP_GONE_WITHIN_MS))) await endProcess(app);
}
