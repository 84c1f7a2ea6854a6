import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { RollbackdError } from './errors.ts';

/** Whatever people write by hand, and each secret, is far smaller. */
const mostBytes = 4 * 2 ** 20;

/**
 * The text of a file that somebody has named. Never waits, as reading a pipe would, and never goes on for ever, as reading a
 * device would. Errors: RollbackdError `no-file`; those of the file system.
 */
export function readRegularFile(path: string): string {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) throw new RollbackdError('no-file', 'it is no regular file');
    const bytes = Buffer.alloc(mostBytes + 1);
    const size = fill(descriptor, bytes);
    if (size > mostBytes) throw new RollbackdError('no-file', `it is larger than ${mostBytes / 2 ** 20} MiB`);
    return bytes.toString('utf8', 0, size);
  } finally {
    closeSync(descriptor);
  }
}

/** As far as it goes: a file of the kernel's own does not know its size. */
function fill(descriptor: number, bytes: Buffer): number {
  let size = 0;
  for (;;) {
    const read = readSync(descriptor, bytes, size, bytes.length - size, size);
    size += read;
    if (read === 0 || size === bytes.length) return size;
  }
}

/** Why a file could not be read, in a word or two. */
export const whyUnreadable = (error: unknown): string =>
  error instanceof RollbackdError ? error.message : ((error as NodeJS.ErrnoException).code ?? 'unknown');
