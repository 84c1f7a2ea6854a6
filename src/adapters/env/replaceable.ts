import { chown, lstat, mkdtemp, readFile, realpath, rename, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Obstacle } from '../../model/obstacle.ts';

/**
 * Why `replaceFile` would fail, tried in kind with an empty folder of our own beside the file: it may be made, may be given to the
 * file's owner, and the file itself may be renamed. That is asked by renaming it onto the folder, which the kernel refuses at any
 * rate, but only once it has found that the file may leave its place.
 */
export async function replacementObstacles(path: string, modelPath: string): Promise<Obstacle[]> {
  const file = await realpath(path).catch(() => path);
  const folder = dirname(file);
  if (await isMountPoint(file)) {
    const what = `${path} cannot be replaced: it is a mount of its own, as containers have single files`;
    return [{ what, mend: `mount its folder instead of the file, so that ${folder} holds it` }];
  }
  const trial = await mkdtemp(join(folder, '.rollbackd-')).catch(() => undefined);
  // Whether the folder may be written is looked at by itself.
  if (trial === undefined) return [];
  try {
    const found = [await againstOwner(path, file, modelPath, trial), await againstRename(path, file, trial)];
    return found.filter((each) => each !== undefined);
  } finally {
    await rmdir(trial);
  }
}

async function againstOwner(path: string, file: string, modelPath: string, trial: string) {
  const model = await stat(file).catch(() => stat(modelPath).catch(() => undefined));
  const own = await stat(trial);
  if (model === undefined || (model.uid === own.uid && model.gid === own.gid)) return undefined;
  const code = await chown(trial, model.uid, model.gid).then(() => undefined, codeOf);
  if (code === undefined) return undefined;
  const what = `${path} cannot be replaced by a file of the same owner, ${model.uid}:${model.gid} (${code})`;
  return { what, mend: 'run rollbackd as the owner of the file or as root' };
}

async function againstRename(path: string, file: string, trial: string): Promise<Obstacle | undefined> {
  // Only a file is certain to be refused.
  if (!(await lstat(file).catch(() => undefined))?.isFile()) return undefined;
  const code = await rename(file, trial).then(() => rename(trial, file), codeOf);
  if (code === undefined || code === 'EISDIR') return undefined;
  const folder = dirname(file);
  const isSticky = ((await stat(folder)).mode & 0o1000) > 0 && process.geteuid?.() !== 0;
  const mend = isSticky
    ? `${folder} is sticky: let rollbackd's user own the file or the folder, or chmod -t ${folder}`
    : `take its protection away (lsattr shows it): chattr -i ${file}, or -a`;
  return { what: `${path} cannot be replaced: it may not leave its place (${code})`, mend };
}

/** A file of the same disk can be one, so that its device says nothing. */
async function isMountPoint(file: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return mounts.split('\n').some((line) => unescaped(line.split(' ')[4] ?? '') === file);
}

const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
