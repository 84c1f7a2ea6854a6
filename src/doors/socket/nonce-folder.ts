import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/** Anybody may put a file in; nobody may list it, nor rename or remove what belongs to another. */
const wanted = 0o1733;

/**
 * Makes the folder where it is missing and sees that files in it prove their owners.
 * Returns what an operator should know. Errors: RollbackdError `nonce-folder` where no proof could be trusted.
 */
export async function prepareNonceFolder(folder: string): Promise<string[]> {
  const made = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unusable(folder, `cannot be made: ${error instanceof Error ? error.message : error}`);
  });
  if (made !== undefined) await chmod(folder, wanted);
  const stats = await lstat(folder);
  if (!stats.isDirectory()) throw unusable(folder, 'is not a folder');
  const self = process.geteuid?.() ?? -1;
  if (stats.uid === self && (stats.mode & 0o7777) !== wanted) await chmod(folder, wanted);
  const { mode } = await lstat(folder);
  if ((mode & 0o1000) === 0) throw unusable(folder, 'is not sticky: anybody could pass off the file of another');
  await requireBirthTimes(folder);
  return [...ownerWarnings(folder, stats.uid, self), ...modeWarnings(folder, mode)];
}

const unusable = (folder: string, what: string) =>
  new RollbackdError('nonce-folder', `the nonce folder ${folder} ${what}`, {
    remedy: 'let doors.socket.nonceFolder be a folder of root or of the daemon, with mode 1733',
  });

/** A file that was there before the question is no answer to it; some file systems cannot tell. */
async function requireBirthTimes(folder: string): Promise<void> {
  const file = join(folder, `trial-${randomBytes(8).toString('hex')}`);
  await writeFile(file, '', { flag: 'wx', mode: 0o600 });
  try {
    const { birthtimeMs } = await lstat(file);
    if (birthtimeMs === 0) throw unusable(folder, 'lies on a file system that does not record when a file was made');
  } finally {
    await rm(file, { force: true });
  }
}

function ownerWarnings(folder: string, owner: number, self: number): string[] {
  if (owner === self) return [];
  if (owner === 0) return [`${folder} belongs to root: used proofs are removed by their callers, not by the daemon`];
  return [`${folder} belongs to uid ${owner}, who could pass off files of others: give it to root or to the daemon`];
}

const modeWarnings = (folder: string, mode: number): string[] =>
  (mode & 0o7777) === wanted ? [] : [`${folder} has mode ${(mode & 0o7777).toString(8)} instead of 1733`];
