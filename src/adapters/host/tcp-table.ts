import { readProc } from './proc-files.ts';

export interface TcpSocket {
  readonly state: 'listening' | 'established' | 'other';
  readonly localPort: number;
  /** As the kernel writes it, in lower case: 8 hexadecimal digits for IPv4, 32 for IPv6. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Of whoever opened it. */
  readonly uid: number;
  /** "0" where no process has it any more. */
  readonly inode: string;
}

const states: Readonly<Record<string, TcpSocket['state']>> = { '01': 'established', '0A': 'listening' };

export async function readTcpTable(): Promise<TcpSocket[]> {
  const tables = await Promise.all([readProc('net/tcp'), readProc('net/tcp6')]);
  return tables.flatMap((table) => (table === undefined ? [] : parseTcpTable(table)));
}

export function parseTcpTable(table: string): TcpSocket[] {
  return table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, local = '', remote = '', state = '', , , , uid = '', , inode = '0'] = line.trim().split(/\s+/);
      return {
        state: states[state] ?? 'other',
        localPort: portOf(local),
        remoteAddress: remote.slice(0, remote.indexOf(':')).toLowerCase(),
        remotePort: portOf(remote),
        uid: Number(uid),
        inode,
      };
    });
}

const portOf = (address: string) => Number.parseInt(address.slice(address.indexOf(':') + 1), 16);
