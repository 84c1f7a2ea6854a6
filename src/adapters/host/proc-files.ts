import { readdir, readFile, readlink } from 'node:fs/promises';
import type { ProcessIdentity } from '../../model/child.ts';

/** A file of /proc; `undefined` where the process is gone or belongs to somebody else. */
export async function readProc(path: string): Promise<string | undefined> {
  return readFile(`/proc/${path}`, 'utf8').catch(() => undefined);
}

export async function readProcLink(path: string): Promise<string | undefined> {
  return readlink(`/proc/${path}`).catch(() => undefined);
}

export async function readEnvironment(pid: number): Promise<readonly string[]> {
  return ((await readProc(`${pid}/environ`)) ?? '').split('\0');
}

/** The living processes among the given that hold one of the sockets open. */
export async function ownersOf(
  inodes: ReadonlySet<string>,
  living: readonly ProcessIdentity[],
): Promise<ProcessIdentity[]> {
  if (inodes.size === 0) return [];
  const owners: ProcessIdentity[] = [];
  for (const { pid, startTime } of living) {
    if (await holdsOne(pid, inodes)) owners.push({ pid, startTime });
  }
  return owners;
}

async function holdsOne(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(descriptors.map((descriptor) => readProcLink(`${pid}/fd/${descriptor}`)));
  return targets.some((target) => target?.startsWith('socket:[') && inodes.has(target.slice(8, -1)));
}
