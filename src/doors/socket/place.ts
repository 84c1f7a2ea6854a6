import { chmod, chown, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';

/** The kernel's limit for the name of a socket, less the final zero. */
const longestName = 107;
const mode = 0o660;

export interface Place {
  /** Where to listen at first: nobody else knows this name. */
  readonly temporary: string;
  /** Gives the listening socket its rights, then its real name: at no moment can somebody open it who may not. */
  occupy(gid: number | undefined): Promise<void>;
  /** Takes the name away, unless it is another daemon's by now. */
  leave(): Promise<void>;
}

/** Errors: RollbackdError `socket-held` where a living daemon listens there, `socket-path` where the path cannot be used. */
export async function findPlace(path: string): Promise<Place> {
  const temporary = join(dirname(path), `.rollbackd-${process.pid}`);
  const longest = Math.max(Buffer.byteLength(path), Buffer.byteLength(temporary));
  if (longest > longestName) throw unusable(path, `is longer than the ${longestName} bytes of a socket's name`);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await refuseUnlessFree(path);
  await rm(temporary, { force: true });
  let inode: number | undefined;
  return {
    temporary,
    async occupy(gid) {
      await chmod(temporary, mode);
      if (gid !== undefined) await handOver(path, temporary, gid);
      ({ ino: inode } = await lstat(temporary));
      await rename(temporary, path);
    },
    async leave() {
      const present = await lstat(path).catch(() => undefined);
      if (present && present.ino === inode) await rm(path, { force: true });
    },
  };
}

const unusable = (path: string, what: string, remedy = 'choose another doors.socket.path', cause?: unknown) =>
  new RollbackdError('socket-path', `${path} ${what}`, { remedy, cause });

async function handOver(path: string, socket: string, gid: number): Promise<void> {
  try {
    await chown(socket, process.geteuid?.() ?? -1, gid);
  } catch (cause) {
    throw unusable(path, `cannot be given to group ${gid}`, 'let the daemon run as a member of that group', cause);
  }
}

async function refuseUnlessFree(path: string): Promise<void> {
  const present = await lstat(path).catch(() => undefined);
  if (!present) return;
  if (!present.isSocket()) throw unusable(path, 'is there already and is no socket');
  const answer = await knock(path);
  if (answer === 'nobody') return;
  if (answer === 'somebody') {
    throw new RollbackdError('socket-held', `another daemon listens at ${path}`, {
      remedy: 'stop it first, or give this one another doors.socket.path',
    });
  }
  throw unusable(path, `is a socket that cannot be asked who listens there (${answer})`);
}

/** Only a dead daemon's socket refuses: a stopped one's still takes the connection. */
function knock(path: string): Promise<'somebody' | 'nobody' | string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('somebody');
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : (code ?? 'unknown')),
    );
  });
}
