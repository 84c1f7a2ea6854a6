import { realpath } from 'node:fs/promises';
import { readProc } from './proc-files.ts';

/** Of the flags in /proc/net/unix: the socket takes connections. */
const ACCEPTS = 0x1_0000;

/** Inodes of the sockets that listen on the path, by whichever way the path was written when they were made. */
export async function listeningInodes(path: string): Promise<Set<string>> {
  const names = new Set([path, await realpath(path).catch(() => path)]);
  const lines = ((await readProc('net/unix')) ?? '').split('\n').slice(1);
  const inodes = lines.flatMap((line) => {
    const match = /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(line);
    const [, flags = '', inode = '', name = ''] = match ?? [];
    return names.has(name) && Number.parseInt(flags, 16) & ACCEPTS ? [inode] : [];
  });
  return new Set(inodes);
}
