import { mkdir, readdir, readFile, readlink, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RollbackdError } from '../../core/errors.ts';

/** A lock younger than this may belong to a program that is about to let go of it. */
const settledAfterMs = 2_000;
const pollMs = 100;

/**
 * Gets locks that a killed git left behind out of the way. A lock is moved into `asideIn`, never deleted, and only when it has
 * been still for a while and no live git on this host could own it; a git that lives is waited for, then named.
 */
export async function clearAbandonedLocks(
  repository: string,
  locks: readonly string[],
  asideIn: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const lock of locks) {
    const deadline = performance.now() + patienceMs;
    while (!(await clearIfAbandoned(repository, lock, asideIn, performance.now() >= deadline))) {
      await delay(pollMs, undefined, { signal });
    }
  }
}

async function clearIfAbandoned(
  repository: string,
  lock: string,
  asideIn: string,
  outOfPatience: boolean,
): Promise<boolean> {
  const writtenAt = await lastWritten(lock);
  if (writtenAt === undefined) return true;
  const owners = await possibleOwners(repository);
  if (owners.length === 0 && Date.now() - writtenAt >= settledAfterMs) {
    if ((await lastWritten(lock)) !== writtenAt) return false;
    await mkdir(asideIn, { recursive: true });
    await rename(lock, join(asideIn, `${basename(lock)}.${Math.round(writtenAt)}`)).catch(ignoreMissing);
    return true;
  }
  if (!outOfPatience) return false;
  throw new RollbackdError(
    'code',
    `${lock} is held by another git${owners.map((pid) => ` (process ${pid})`).join(',')}`,
    {
      remedy: 'let that git finish or end it, then resume',
    },
  );
}

async function lastWritten(file: string): Promise<number | undefined> {
  return await stat(file).then(
    (found) => found.mtimeMs,
    (error: unknown) => ignoreMissing(error),
  );
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Live git processes that work in the repository, or that we may not look into. */
async function possibleOwners(repository: string): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const owners = await Promise.all(
    processes.map(async (pid) => ((await isGit(pid)) && (await mayWorkIn(pid, repository)) ? [pid] : [])),
  );
  return owners.flat();
}

const isGit = async (pid: string): Promise<boolean> =>
  (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).startsWith('git') && !(await isZombie(pid));

const isZombie = async (pid: string): Promise<boolean> =>
  /^\d+ \(.*\) [ZX]/.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 (gone) X'));

async function mayWorkIn(pid: string, repository: string): Promise<boolean> {
  try {
    const places = await Promise.all([
      readlink(`/proc/${pid}/cwd`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/environ`, 'utf8'),
    ]);
    return places.some((place) => place.includes(repository));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
