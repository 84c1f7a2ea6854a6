import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/** The content of the include; an nginx that includes a missing file does not load, so a missing one is an error. */
export async function readInclude(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RollbackdError('traffic', `${file} cannot be read.`, {
      remedy: 'make it an empty file and include it in the server block of the application.',
      cause,
    });
  }
}

/**
 * All or nothing, and on the disk before it counts: after a crash an empty file would let requests through. The temporary file
 * begins with a dot, so that no `include *.conf` picks it up; links are followed, so that the file behind them is replaced.
 */
export async function writeInclude(file: string, content: string): Promise<void> {
  const target = await realpath(file);
  const { mode, uid, gid } = await stat(target);
  const temporary = join(dirname(target), `.${basename(target)}.rollbackd`);
  try {
    const handle = await open(temporary, 'w', mode & 0o777);
    try {
      await handle.writeFile(content);
      await handle.chmod(mode & 0o777);
      if (process.getuid?.() === 0) await handle.chown(uid, gid);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new RollbackdError('traffic', `${file} cannot be written.`, {
      remedy: 'let rollbackd write that file and its folder.',
      cause,
    });
  }
}
