import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createPortDispenser } from '../../../sandbox/workspace/free-port.ts';
import { linuxHost } from '../../../src/adapters/host/linux.ts';
import type { ManagedProcess, ProcessAdapter } from '../../../src/adapters/process/contract.ts';
import { pm2Adapter } from '../../../src/adapters/process/pm2.ts';
import type { ProcessConfig } from '../../../src/adapters/process/schema.ts';
import { isAlive } from '../../../src/exec/process-stat.ts';
import { createReadOnlyCommand, createRunCommand } from '../../../src/exec/run-command.ts';
import type { ProcessIdentity } from '../../../src/model/child.ts';
import { eventually } from '../../exec/eventually.ts';
import { type MemoryLedger, memoryLedger } from '../../exec/memory-ledger.ts';

export type Mode = 'fork' | 'cluster';

/** What the application says of itself. */
export interface Answer {
  readonly pid: number;
  readonly node: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A pm2 of its own in a temporary folder, with an application `cafe` and a foreign one, `neighbour`. */
export interface Pm2Place {
  readonly folder: string;
  readonly config: ProcessConfig;
  /** Of `cafe`. */
  readonly port: number;
  readonly ledger: MemoryLedger;
  readonly adapter: ProcessAdapter;
  adapterWith(changes: Partial<ProcessConfig>): ProcessAdapter;
  /** pm2 as a person would run it, from the application's folder. */
  pm2(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>;
  daemon(): Promise<ProcessIdentity | undefined>;
  /** Ends pm2's daemon by pm2's own command, which comes back before the daemon is gone. */
  endDaemon(): Promise<void>;
  writeEnvFile(values: Readonly<Record<string, string>>): void;
  ask(port?: number): Promise<Answer>;
  silent(port?: number): Promise<boolean>;
  neighbour(): Promise<Answer>;
  remove(): Promise<void>;
}

export const never = new AbortController().signal;
export const SECRET = 'mongodb://app:hush@127.0.0.1/superkafe_v2';
export const LEGACY = 'mongodb://app:hush@127.0.0.1/superkafe_negoes';

const PM2 = join(import.meta.dirname, '../../../node_modules/pm2/bin/pm2');
const TARGET_NODE = existsSync('/usr/bin/node') ? '/usr/bin/node' : process.execPath;
const nextPort = createPortDispenser();

const APP = `
const fs = require('node:fs'), http = require('node:http');
if (fs.existsSync('.env')) for (const line of fs.readFileSync('.env', 'utf8').split('\\n')) {
  const [name, value] = line.split(/=(.*)/);
  if (name && !(name in process.env)) process.env[name] = value;
}
const about = () => JSON.stringify({ pid: process.pid, node: process.version, folder: process.cwd(), environment: process.env });
http.createServer((_, answer) => answer.end(about())).listen(Number(process.env.PORT), '127.0.0.1');
`;

export async function pm2Place(mode: Mode, instances = 1): Promise<Pm2Place> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollbackd-pm2-')));
  const home = join(folder, 'home');
  const server = join(folder, 'server');
  for (const each of [home, server]) mkdirSync(each);
  const [port, neighbourPort] = [await nextPort(), await nextPort()];
  writeFileSync(join(home, 'touch'), '');
  writeFileSync(join(server, 'server.js'), APP);
  const ecosystemFile = join(folder, 'ecosystem.config.js');
  writeFileSync(ecosystemFile, ecosystem(mode, instances, server, port, neighbourPort));
  const config: ProcessConfig = {
    adapter: 'pm2',
    program: PM2,
    node: TARGET_NODE,
    home,
    names: ['cafe'],
    instances,
    ecosystemFile,
    environmentName: 'production',
    environment: { LANG: 'C.UTF-8' },
    databaseVariables: ['MONGODB_URI'],
    timeout: 30_000,
  };
  const host = linuxHost();
  const ledger = memoryLedger();
  const adapterWith = (changes: Partial<ProcessConfig>) =>
    pm2Adapter({
      config: { ...config, ...changes },
      run: createRunCommand({ ledger, run: 'run-1', step: 'stop' }),
      readOnly: createReadOnlyCommand(),
      host,
    });
  const daemon = async () => (await host.socketListeners(join(home, 'rpc.sock')))[0];
  const pm2: Pm2Place['pm2'] = async (args, environment = {}) => {
    const clean = { PATH: `${dirname(TARGET_NODE)}:/usr/bin:/bin`, HOME: folder, PM2_HOME: home, ...environment };
    const { stdout } = await promisify(execFile)(TARGET_NODE, [PM2, ...args], { cwd: server, env: clean });
    return stdout;
  };
  const endDaemon = async () => {
    const running = await daemon();
    if (running === undefined) return;
    await pm2(['kill']);
    await eventually('the pm2 daemon is gone', () => !isAlive(running));
  };
  const ask = (at = port) => eventually(`an answer on port ${at}`, () => answerOf(at));
  return {
    folder,
    config,
    port,
    ledger,
    adapter: adapterWith({}),
    adapterWith,
    pm2,
    daemon,
    endDaemon,
    writeEnvFile: (values) => {
      const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
      writeFileSync(join(server, '.env'), lines.join('\n'));
    },
    ask,
    silent: async (at = port) => (await answerOf(at)) === undefined,
    neighbour: () => ask(neighbourPort),
    async remove() {
      await endDaemon();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const savedFile = ({ config }: Pm2Place) => readFileSync(join(config.home, 'dump.pm2'), 'utf8');

export async function identityOf({ pid }: Pick<ManagedProcess, 'pid'>): Promise<ProcessIdentity> {
  return (await linuxHost().identity(pid)) ?? { pid, startTime: '' };
}

async function answerOf(port: number): Promise<Answer | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    return (await answer.json()) as Answer;
  } catch {
    return undefined;
  }
}

function ecosystem(mode: Mode, instances: number, server: string, port: number, neighbourPort: number): string {
  const cafe = { name: 'cafe', script: 'server.js', cwd: server, exec_mode: mode, instances };
  const neighbour = { name: 'neighbour', script: 'server.js', cwd: server, exec_mode: mode };
  const apps = [
    { ...cafe, env_production: { NODE_ENV: 'production', PORT: port } },
    { ...neighbour, env_production: { PORT: neighbourPort } },
  ];
  return `module.exports = ${JSON.stringify({ apps })}`;
}
