import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Who this daemon is to others, the same after every restart. Hosts that were cloned have the same name and folders:
 * what tells them apart is their machine id, and an identity of the state folder's own where that was not copied.
 */
export function leaseHolder(stateFolder: string, machineIdFile = '/etc/machine-id'): string {
  const machine = read(machineIdFile)?.slice(0, 12) ?? 'no-machine-id';
  return [hostname(), machine, identityIn(stateFolder)].join(':');
}

function identityIn(folder: string): string {
  const file = join(folder, 'identity');
  const known = read(file);
  if (known) return known;
  const identity = randomUUID();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${identity}\n`, { mode: 0o600, flush: true });
  } catch {
    // A full disk: nothing can be started either, and the next start finds another one.
  }
  return read(file) ?? identity;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
