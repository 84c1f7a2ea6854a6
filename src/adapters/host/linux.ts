import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAlive, readProcessTable, readStat } from '../../exec/process-stat.ts';
import type { ProcessIdentity } from '../../model/child.ts';
import type { FileSystemSpace, Host, ProcessInspection } from './contract.ts';
import { holdersOf, ownersOf, readEnvironment, readProc, readProcLink } from './proc-files.ts';
import { clientsOf } from './server-clients.ts';
import { readTcpTable, type TcpSocket } from './tcp-table.ts';
import { listeningInodes } from './unix-sockets.ts';

export function linuxHost(): Host & ProcessInspection {
  return {
    async portUse(port) {
      const { listening, established } = await socketsOn(port);
      const { owners, held } = await holdersOf(inodesOf(listening), readProcessTable());
      return {
        listening: listening.length > 0,
        listeners: owners,
        hidden: listening.filter(({ inode }) => !held.has(inode)).map(({ uid }) => uid),
        established: established.length,
      };
    },
    async establishedTo(port) {
      const { listening, established } = await socketsOn(port);
      return listening.length > 0 ? established.length : undefined;
    },
    connectedTo: clientsOf,
    keeper,
    async identity(pid) {
      const stat = readStat(pid);
      return stat && !stat.ended ? { pid, startTime: stat.startTime } : undefined;
    },
    workingDirectory: (pid) => readProcLink(`${pid}/cwd`),
    programName: async (pid) => (await readProc(`${pid}/comm`))?.trimEnd(),
    user,
    async withEnvironment(name, value) {
      const found: ProcessIdentity[] = [];
      for (const { pid, startTime } of readProcessTable()) {
        if ((await readEnvironment(pid)).includes(`${name}=${value}`)) found.push({ pid, startTime });
      }
      return found;
    },
    space,
    environment,
    ancestors: async (pid) => ancestorsOf(pid),
    serviceUnit,
    socketListeners: async (path) => ownersOf(await listeningInodes(path), readProcessTable()),
  };
}

async function socketsOn(port: number) {
  const sockets = (await readTcpTable()).filter(({ localPort }) => localPort === port);
  return {
    listening: sockets.filter(({ state }) => state === 'listening'),
    established: sockets.filter(({ state }) => state === 'established'),
  };
}

const inodesOf = (sockets: readonly TcpSocket[]) => new Set(sockets.map(({ inode }) => inode));

async function space(folder: string): Promise<FileSystemSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { fileSystem: String((await stat(folder)).dev), free: bavail * bsize, total: blocks * bsize };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || dirname(folder) === folder) throw error;
    return space(dirname(folder));
  }
}

async function environment(process: ProcessIdentity, names: readonly string[]) {
  const text = await readProc(`${process.pid}/environ`);
  if (text === undefined || !isAlive(process)) return undefined;
  const assignments = text.split('\0');
  return Object.fromEntries(
    names.map((name) => {
      const found = assignments.find((assignment) => assignment.startsWith(`${name}=`));
      return [name, found?.slice(name.length + 1)];
    }),
  );
}

/** Not by whom its folder belongs to: that is root's for a program with capabilities. */
async function user(pid: number): Promise<number | undefined> {
  const found = /^Uid:\s+\d+\s+(\d+)/m.exec((await readProc(`${pid}/status`)) ?? '');
  return found ? Number(found[1]) : undefined;
}

async function serviceUnit(pid: number): Promise<string | undefined> {
  return innermostService((await readProc(`${pid}/cgroup`)) ?? '');
}

async function keeper(process: ProcessIdentity): Promise<string> {
  const unit = await serviceUnit(process.pid);
  const home = (await environment(process, ['PM2_HOME']))?.PM2_HOME;
  return [...(unit ? [`unit ${unit}`] : []), ...(home ? [`PM2_HOME ${home}`] : [])].join(', ');
}

function ancestorsOf(pid: number): number[] {
  const parent = readStat(pid)?.parent ?? 0;
  return parent > 0 ? [parent, ...ancestorsOf(parent)] : [];
}

/** `0::/system.slice/app.service/worker` -> `/system.slice/app.service`; version 1 of control groups names systemd's hierarchy. */
export function innermostService(controlGroups: string): string | undefined {
  const line = controlGroups.split('\n').find((text) => /^(0:|\d+:name=systemd):.*\.service(\/|$)/.test(text));
  return line && /^\d+:[^:]*:(.*\.service)(\/|$)/.exec(line)?.[1];
}
