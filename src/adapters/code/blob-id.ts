import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { statusOf } from './status-of.ts';

/** The id that git gives to what lies at `path`, byte for byte, in the form of `like`; undefined where neither a file nor a link lies there. */
export async function blobIdOf(path: string, like: string): Promise<string | undefined> {
  const found = await statusOf(path);
  if (found?.isSymbolicLink()) {
    const target = await readlink(path, { encoding: 'buffer' });
    return startOf(target.length, like).update(target).digest('hex');
  }
  if (!found?.isFile()) return undefined;
  const hash = startOf(found.size, like);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const startOf = (size: number, like: string) =>
  createHash(like.length === 40 ? 'sha1' : 'sha256').update(`blob ${size}\0`);
