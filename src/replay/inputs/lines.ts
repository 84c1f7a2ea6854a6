import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { RollbackdError } from '../../core/errors.ts';

const chunkBytes = 1 << 20;
const newline = 10;
/** An observation of a busy minute has some hundred kilobytes; what is longer is no line of ours. */
const longestLine = 16 << 20;

/** The lines of a file, in order, read piece by piece. Errors: RollbackdError with reason `input`. */
export function* linesOf(file: string): Generator<string> {
  const descriptor = opened(file);
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest: Buffer = Buffer.alloc(0);
    for (let length = readSync(descriptor, chunk); length > 0; length = readSync(descriptor, chunk)) {
      const text = Buffer.concat([rest, chunk.subarray(0, length)]);
      const end = text.lastIndexOf(newline) + 1;
      if (end > 0) yield* text.toString('utf8', 0, end - 1).split('\n');
      rest = text.subarray(end);
      if (rest.length > longestLine) throw unreadable(file, 'it has a line that is longer than 16 MiB');
    }
    if (rest.length > 0) yield rest.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** How it begins: enough to recognise what it is. */
export function beginningOf(file: string): Buffer {
  const descriptor = opened(file);
  try {
    const chunk = Buffer.alloc(64 * 1024);
    return chunk.subarray(0, readSync(descriptor, chunk));
  } catch (cause) {
    throw unreadable(file, `it cannot be read (${codeOf(cause)})`, cause);
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    throw unreadable(file, `it cannot be opened (${codeOf(cause)})`, cause);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  // It is read twice, to see what it is and then whole: a pipe would have lost its beginning.
  throw unreadable(file, 'it is a folder or a pipe: write what it holds to a file first');
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown';

export const unreadable = (file: string, what: string, cause?: unknown) =>
  new RollbackdError('input', `${file}: ${what}`, {
    remedy: 'name a file that you may read, and with --format what it is: see docs/replay.md',
    cause,
  });
