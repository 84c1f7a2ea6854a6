import { randomBytes } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { RollbackdError } from '../../core/errors.ts';
import type { Challenge } from './wire.ts';

const validMs = 10_000;
/** A file's birth is stamped with a clock that lags by up to a tick. */
const clockLagMs = 20;
const mostOpen = 200;

interface Issued {
  /** Wall-clock time: what birth times are compared with. */
  readonly at: number;
  readonly expires: number;
}

/** Finds out which Unix user calls, since a Unix socket does not tell: by the owner of a file that only the caller can have made. */
export interface NonceOffice {
  challenge(): Promise<Challenge>;
  /** The uid that answered; each challenge can be redeemed once. Errors: RollbackdError `unproven`. */
  redeem(nonce: string): Promise<number>;
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
      if (open.size >= mostOpen) throw unproven('too many callers are proving themselves at once');
      const nonce = randomBytes(24).toString('hex');
      open.set(nonce, { at: clock.now(), expires: now + validMs });
      return { nonce, file: join(folder, nonce) };
    },
    async redeem(nonce) {
      const issued = open.get(nonce);
      if (!issued) throw unproven('the proof is unknown, used up or too old');
      open.delete(nonce);
      try {
        if (issued.expires <= clock.monotonic()) throw unproven('the proof is too old');
        return await ownerOf(join(folder, nonce), issued.at);
      } finally {
        await remove(nonce);
      }
    },
  };
}

const unproven = (message: string) =>
  new RollbackdError('unproven', `who calls is not proven: ${message}`, { remedy: 'give the command again' });

async function ownerOf(file: string, issuedAt: number): Promise<number> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats) throw unproven('the file was not created');
  if (!stats.isFile()) throw unproven('it is not a regular file');
  if (stats.nlink !== 1) throw unproven('the file has another name');
  if (stats.birthtimeMs < issuedAt - clockLagMs) throw unproven('the file is older than the question');
  return stats.uid;
}
