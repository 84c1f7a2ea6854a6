import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** What arrived is not what was pinned: it is neither unpacked nor run. */
export class ChecksumMismatch extends Error {
  override readonly name = 'ChecksumMismatch';

  constructor(what: string, expected: string, found: string) {
    super(`${what} is refused: its sha256 is ${found}, expected ${expected}`);
  }
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

export async function verifyFile(path: string, what: string, expected: string): Promise<void> {
  const found = await sha256OfFile(path);
  if (found !== expected) throw new ChecksumMismatch(what, expected, found);
}

export function verifyBytes(bytes: Uint8Array, what: string, expected: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected) throw new ChecksumMismatch(what, expected, found);
}
