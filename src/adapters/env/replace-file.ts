import { type FileHandle, link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/**
 * A private copy of a file's contents, under its name or, where other contents were kept so before, under `<name>-2` and so on:
 * a person may have edited the file between two attempts.
 */
export async function keepCopy(contents: Uint8Array, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `${name}.unfinished`);
  await rm(unfinished, { force: true });
  {
    await using copy = await open(unfinished, 'wx', 0o600);
    await copy.writeFile(contents);
    await copy.sync();
  }
  for (let number = 1; ; number += 1) {
    const place = join(folder, number === 1 ? name : `${name}-${number}`);
    if ((await linkIfFree(unfinished, place)) || (await readFile(place)).equals(contents)) break;
  }
  await rm(unfinished);
  await syncFolder(folder);
}

/** A hard link, unlike a rename, never replaces a copy that is there. */
async function linkIfFree(from: string, to: string): Promise<boolean> {
  return await link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** New contents under the old name, owner and mode: a reader sees the old file or the new one, never half of either. */
export async function replaceFile(path: string, contents: Uint8Array, modelPath: string): Promise<void> {
  // A link, as release folders have them, stays a link.
  const file = await realpath(path).catch(() => path);
  const { uid, gid, mode } = await stat(modelPath);
  const unfinished = `${file}.rollbackd`;
  try {
    await rm(unfinished, { force: true });
    {
      await using written = await open(unfinished, 'wx', 0o600);
      await written.writeFile(contents);
      await giveTo(written, uid, gid);
      await written.chmod(mode & 0o7777);
      await written.sync();
    }
    await rename(unfinished, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new RollbackdError('env-unwritable', `${path} could not be replaced: ${(cause as Error).message}`, {
      remedy: `let rollbackd's user write to ${dirname(file)}, as the owner of the file or as root`,
      cause,
    });
  }
}

async function giveTo(file: FileHandle, uid: number, gid: number): Promise<void> {
  const now = await file.stat();
  if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid);
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
