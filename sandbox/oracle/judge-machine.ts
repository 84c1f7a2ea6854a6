import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { applicationPids, type Captured, listDatabases } from './capture.ts';
import type { OracleCase } from './case.ts';
import { readPortUse } from './sockets.ts';

/** Programs that have a beginning and an end: none of them may still be at work in the sandbox. */
const PASSING = new Set(['mongodump', 'mongorestore', 'npm', 'git']);

const SERVERS_OWN = ['admin', 'config', 'local'];

interface SeenProcess {
  readonly pid: number;
  readonly folder: string;
  readonly command: readonly string[];
}

/** The application's processes are pm2's, run where they belong, and listen. */
export async function judgeProcesses(oracle: OracleCase): Promise<string[]> {
  const apps = await oracle.listApps();
  const { serverFolder } = oracle.repository;
  const findings = apps
    .filter(({ name }) => name !== oracle.appName)
    .map(({ name }) => `pm2 runs ${name}, which is not the café's`);
  const own = apps.filter(({ name }) => name === oracle.appName);
  if (own.length === 0) findings.push(`pm2 does not know ${oracle.appName}`);
  for (const { pid, status } of own) {
    if (status !== 'online' || pid === undefined) findings.push(`${oracle.appName} is ${status}`);
    else if (folderOf(pid) !== serverFolder) findings.push(`process ${pid} does not run in ${serverFolder}`);
  }
  if (readPortUse(oracle.appPort).listeners === 0) findings.push(`nobody listens on port ${oracle.appPort}`);
  return findings;
}

/** Whoever stops an application and starts it again leaves other processes. */
export async function judgeSameProcesses(oracle: OracleCase, { pids }: Captured): Promise<string[]> {
  const now = await applicationPids(oracle);
  return now.join() === pids.join() ? [] : [`the application ran as ${pids.join()} and runs as ${now.join()}`];
}

/** Processes and databases that nobody took away. */
export async function judgeLeftOver(oracle: OracleCase, root: string): Promise<string[]> {
  const known = new Set((await oracle.listApps()).map(({ pid }) => pid));
  const processes = listProcesses()
    .filter(({ folder, command }) => [folder, ...command].some((text) => text.includes(root)))
    .filter((process) => isPassing(process.command) || (isServer(process, oracle) && !known.has(process.pid)))
    .map(({ pid, command }) => `process ${pid} is left over: ${basename(command[0] ?? '')}`);
  const expected = new Set([
    ...SERVERS_OWN,
    ...oracle.toleratedDatabases,
    oracle.unifiedDatabase,
    ...oracle.grown.databases.map(({ name }) => name),
  ]);
  const databases = (await listDatabases(oracle.client))
    .filter((name) => !expected.has(name))
    .map((name) => `database ${name} is left over`);
  return [...processes, ...databases];
}

const isPassing = (command: readonly string[]): boolean =>
  command.slice(0, 2).some((word) => PASSING.has(basename(word)));

/** pm2's daemon stands in the same folder, under a title of its own. */
const isServer = ({ folder, command }: SeenProcess, { repository }: OracleCase): boolean =>
  folder === repository.serverFolder && !command.join(' ').startsWith('PM2 ');

function listProcesses(): SeenProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ pid: Number(pid), folder: folderOf(Number(pid)) ?? '', command: commandOf(pid) }));
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
