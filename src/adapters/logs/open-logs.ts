import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { isRotationOf, matcherOf } from './log-names.ts';

export interface OpenLog {
  readonly path: string;
  readonly inode: number;
  readonly size: number;
  readonly writtenAt: number;
  readonly handle: FileHandle;
}

/** A log and what rotation has made of it, oldest first; `current` is missing between a rename and the next write. */
export interface LogFamily {
  readonly file: string;
  readonly current: OpenLog | undefined;
  readonly rotated: readonly OpenLog[];
}

/** Opened at once, so that a rotation in the middle of the reading changes nothing. */
export class OpenLogs implements AsyncDisposable {
  readonly families: readonly LogFamily[];
  readonly #opened: readonly OpenLog[];

  private constructor(families: readonly LogFamily[], opened: readonly OpenLog[]) {
    this.families = families;
    this.#opened = opened;
  }

  /** `alsoNamed`: logs that were there earlier, and may have been rotated away since. */
  static async open(pattern: string, alsoNamed: readonly string[]): Promise<OpenLogs> {
    const folder = dirname(pattern);
    const matches = matcherOf(pattern);
    const names = await namesIn(folder);
    const matching = [...new Set([...names, ...alsoNamed.map((file) => basename(file))])].filter(matches).sort();
    const bases = matching.filter((name) => !matching.some((base) => isRotationOf(base, name)));
    const opened: OpenLog[] = [];
    const openOnce = async (name: string, open: typeof openLog) => {
      const log = await open(join(folder, name));
      if (log === undefined) return undefined;
      opened.push(log);
      // Two names of one file, a link for example, are one log.
      return opened.some((other) => other !== log && other.inode === log.inode) ? undefined : log;
    };
    try {
      const families: LogFamily[] = [];
      for (const base of bases) {
        const current = await openOnce(base, openLog);
        const rotated: OpenLog[] = [];
        for (const name of names.filter((one) => isRotationOf(base, one))) {
          const log = await openOnce(name, openReadable);
          if (log !== undefined) rotated.push(log);
        }
        rotated.sort((one, other) => one.writtenAt - other.writtenAt);
        families.push({ file: join(folder, base), current, rotated });
      }
      return new OpenLogs(families, opened);
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  }

  holds(inode: number): boolean {
    return this.#opened.some((log) => log.inode === inode);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeAll(this.#opened);
  }
}

const closeAll = async (logs: readonly OpenLog[]) => void (await Promise.all(logs.map(({ handle }) => handle.close())));

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
}

/** Nothing where there is no such file, or where it is none: opening a pipe would wait for its writer. */
async function openLog(path: string): Promise<OpenLog | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const handle = await open(path);
    const { ino, size, mtimeMs } = await handle.stat();
    return { path, inode: ino, size, writtenAt: mtimeMs, handle };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error as Error);
  }
}

/** What rotation has made of a log, and has taken from us: the log itself is read all the same. */
async function openReadable(path: string): Promise<OpenLog | undefined> {
  return await openLog(path).catch((error: RollbackdError) => {
    if (isForbidden(error.cause)) return undefined;
    throw error;
  });
}

const isForbidden = (cause: unknown) => (cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES';

const unreadable = (path: string, cause: Error) =>
  new RollbackdError('log-unreadable', `${path} cannot be read: ${cause.message}`, {
    remedy: "let rollbackd's user read it, for example through a group",
    cause,
  });
