import { realpath } from 'node:fs/promises';
import { readProc } from './proc-files.ts';

export interface UnixSocket {
  readonly state: 'listening' | 'connected' | 'other';
  readonly inode: string;
  /** Of the file that it was bound to; a server's end of a connection has the server's. Empty without one. */
  readonly path: string;
}

/** Of the flags in /proc/net/unix: the socket takes connections. */
const ACCEPTS = 0x1_0000;
const CONNECTED = '03';

export async function readUnixTable(): Promise<UnixSocket[]> {
  const lines = ((await readProc('net/unix')) ?? '').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [matched, flags = '', state = '', inode = '', path = ''] =
      /^\S+ \S+ \S+ (\S+) \S+ (\S+) +(\d+)(?: (.+))?$/.exec(line) ?? [];
    return matched === undefined ? [] : [{ state: stateOf(flags, state), inode, path }];
  });
}

function stateOf(flags: string, state: string): UnixSocket['state'] {
  if (Number.parseInt(flags, 16) & ACCEPTS) return 'listening';
  return state === CONNECTED ? 'connected' : 'other';
}

/** The kernel hands its table over in pieces: while sockets come and go on a busy host, one that stays may slip through between two. */
const readsUntilAbsent = 5;

/** Inodes of the sockets that listen on the path, by whichever way the path was written when they were made. */
export async function listeningInodes(path: string, read = readUnixTable): Promise<Set<string>> {
  const names = new Set([path, await realpath(path).catch(() => path)]);
  for (let reads = 1; ; reads += 1) {
    const listening = (await read()).filter((socket) => socket.state === 'listening' && names.has(socket.path));
    if (listening.length > 0 || reads === readsUntilAbsent) return new Set(listening.map(({ inode }) => inode));
  }
}
