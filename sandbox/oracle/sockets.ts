import { readFileSync } from 'node:fs';

export interface PortUse {
  readonly listeners: number;
  readonly established: number;
}

const ESTABLISHED = '01';
const LISTEN = '0A';

/** What the kernel knows of a TCP port, on either end and in both address families. */
export function readPortUse(port: number): PortUse {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return countPort(hex, `${readTable('tcp')}\n${readTable('tcp6')}`);
}

function readTable(name: 'tcp' | 'tcp6'): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'utf8');
  } catch {
    return '';
  }
}

export function countPort(hexPort: string, table: string): PortUse {
  let listeners = 0;
  let established = 0;
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/);
    const isLocal = local.endsWith(`:${hexPort}`);
    if (state === LISTEN && isLocal) listeners += 1;
    if (state === ESTABLISHED && (isLocal || remote.endsWith(`:${hexPort}`))) established += 1;
  }
  return { listeners, established };
}
