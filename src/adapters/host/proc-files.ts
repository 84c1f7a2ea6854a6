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

export interface Holders {
  readonly owners: readonly ProcessIdentity[];
  /** Those of the sockets that they hold. */
  readonly held: ReadonlySet<string>;
  /** Some of the processes cannot be looked into: another user's, where we are not root. */
  readonly hidden: boolean;
}

/** The living processes among the given that hold one of the sockets open. */
export async function ownersOf(
  inodes: ReadonlySet<string>,
  living: readonly ProcessIdentity[],
): Promise<ProcessIdentity[]> {
  if (inodes.size === 0) return [];
  return [...(await holdersOf(inodes, living)).owners];
}

export async function holdersOf(inodes: ReadonlySet<string>, living: readonly ProcessIdentity[]): Promise<Holders> {
  const owners: ProcessIdentity[] = [];
  const held = new Set<string>();
  let hidden = false;
  for (const { pid, startTime } of living) {
    const sockets = await socketsOf(pid);
    hidden ||= sockets === 'hidden';
    const found = sockets === 'hidden' ? [] : sockets.filter((inode) => inodes.has(inode));
    for (const inode of found) held.add(inode);
    if (found.length > 0) owners.push({ pid, startTime });
  }
  return { owners, held, hidden };
}

/** None where it is gone. */
async function socketsOf(pid: number): Promise<readonly string[] | 'hidden'> {
  try {
    const descriptors = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(descriptors.map((descriptor) => readProcLink(`${pid}/fd/${descriptor}`)));
    return targets.flatMap((target) => (target?.startsWith('socket:[') ? [target.slice(8, -1)] : []));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'hidden' : [];
  }
}
