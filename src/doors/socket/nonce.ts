import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { RollbackdError } from '../../core/errors.ts';
import { type Challenge, type Order, proofText } from './wire.ts';

const validMs = 10_000;
/** A file's birth is stamped with a clock that lags by up to a tick. */
const clockLagMs = 20;
/** More than anybody gets answered within the moment between a question and its proof. */
const mostOpen = 2_000;

interface Issued {
  /** Wall-clock time: what birth times are compared with. */
  readonly at: number;
  readonly expires: number;
}

/** Finds out which Unix user calls, since a Unix socket does not tell: by the owner of a file that only the caller can have written. */
export interface NonceOffice {
  challenge(): Promise<Challenge>;
  /** The uid that answered for this order; each challenge can be redeemed once. Errors: RollbackdError `unproven`. */
  redeem(nonce: string, order: Order): Promise<number>;
}

export function createNonceOffice(folder: string, clock: Pick<Clock, 'now' | 'monotonic'>): NonceOffice {
  const open = new Map<string, Issued>();
  const remove = (nonce: string) => rm(join(folder, nonce), { force: true }).catch(() => {});
  return {
    async challenge() {
      const now = clock.monotonic();
      const expired = [...open].filter(([, { expires }]) => expires <= now).map(([nonce]) => nonce);
      for (const nonce of expired) open.delete(nonce);
      await Promise.all(expired.map(remove));
      // Whoever asks and asks keeps nobody out: their own questions are the oldest soon.
      const [oldest] = open.keys();
      if (open.size >= mostOpen && oldest !== undefined) {
        open.delete(oldest);
        await remove(oldest);
      }
      const nonce = randomBytes(24).toString('hex');
      open.set(nonce, { at: clock.now(), expires: now + validMs });
      return { nonce, file: join(folder, nonce) };
    },
    async redeem(nonce, order) {
      const issued = open.get(nonce);
      if (!issued) throw unproven('the proof is unknown, used up or too old');
      open.delete(nonce);
      try {
        if (issued.expires <= clock.monotonic()) throw unproven('the proof is too old');
        return await ownerOf(join(folder, nonce), issued.at, proofText(nonce, order));
      } finally {
        await remove(nonce);
      }
    },
  };
}

const unproven = (message: string) =>
  new RollbackdError('unproven', `who calls is not proven: ${message}`, { remedy: 'give the command again' });

/** Not followed where it is a link, and never waited for where it is a pipe. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function ownerOf(file: string, issuedAt: number, text: string): Promise<number> {
  const handle = await openFile(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP' || error.code === 'ENXIO') throw unproven('it is not a regular file');
    throw unproven(error.code === 'ENOENT' ? 'the file was not created' : `the file cannot be read (${error.code})`);
  });
  try {
    return await vouchedFor(handle, issuedAt, text);
  } finally {
    await handle.close();
  }
}

/**
 * Whoever shares a folder with somebody can move a fresh file of theirs here. So the file must say what nobody writes
 * by chance, and nobody but its owner may have been able to write it.
 */
async function vouchedFor(handle: FileHandle, issuedAt: number, text: string): Promise<number> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw unproven('it is not a regular file');
  if (stats.nlink !== 1) throw unproven('the file has another name');
  if (stats.birthtimeMs < issuedAt - clockLagMs) throw unproven('the file is older than the question');
  if ((stats.mode & 0o022) !== 0) throw unproven('others than its owner can write the file');
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(text.length + 1), 0, text.length + 1, 0);
  if (buffer.toString('utf8', 0, bytesRead) !== text) throw unproven('the file does not say what was ordered');
  return stats.uid;
}
