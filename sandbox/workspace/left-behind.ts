import { readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { allPids, type ProcessIdentity, processIdentity, readProc, readProcess } from './process-identity.ts';

/**
 * Processes that came out of a sandbox without being registered one by one: the children of a server that was killed (nginx workers),
 * and what pm2 started, its daemon included, which may have been started anew by somebody else. Each is recognised by two signs at
 * once, so that a person's shell inside the folder is never taken for one.
 */
export function findLeftBehind(root: string, registered: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  const sessions = new Set(registered.map(({ pid }) => pid));
  return allPids()
    .filter((pid) => pid !== process.pid)
    .filter((pid) => isOrphanOf(sessions, root, pid) || belongsToPm2In(root, pid))
    .flatMap((pid) => processIdentity(pid) ?? []);
}

function isOrphanOf(sessions: ReadonlySet<number>, root: string, pid: number): boolean {
  const found = readProcess(pid);
  return found !== undefined && !found.ended && sessions.has(found.session) && isInside(root, workingDirectory(pid));
}

function belongsToPm2In(root: string, pid: number): boolean {
  const environment = environmentOf(pid);
  const hasItsHome = environment.some((entry) => entry.startsWith(`PM2_HOME=${root}${sep}`));
  return hasItsHome && (isPm2Daemon(pid) || environment.some(isPm2AppMark));
}

/** By its environment, because the title that it gives itself is cut to the length of its first command line. */
export function isPm2DaemonOf(pid: number, home: string): boolean {
  return isPm2Daemon(pid) && environmentOf(pid).includes(`PM2_HOME=${home}`);
}

function isPm2Daemon(pid: number): boolean {
  return readProc(pid, 'cmdline')?.startsWith('PM2 v') === true;
}

function isPm2AppMark(entry: string): boolean {
  return entry.startsWith('pm_id=') || entry.startsWith('pm2_env=');
}

function environmentOf(pid: number): readonly string[] {
  return (readProc(pid, 'environ') ?? '').split('\0');
}

function isInside(root: string, directory: string | undefined): boolean {
  return directory !== undefined && `${directory}${sep}`.startsWith(`${root}${sep}`);
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
