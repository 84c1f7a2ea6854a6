import type { Clock } from '../core/clock.ts';
import { readProcessTable } from './process-stat.ts';

const POLL_MS = 20;

export interface Patience {
  readonly clock: Clock;
  /** How long a process may take to end by itself after SIGTERM. */
  readonly killAfterMs: number;
}

/**
 * Ends a process group and whatever else lives in its leader's session: asked first, then forced.
 * False where something outlived even SIGKILL for as long again.
 */
export async function endGroup(leader: number, patience: Patience): Promise<boolean> {
  if (!isThere(leader)) return true;
  sendSignal(-leader, 'SIGTERM');
  // A stopped process does not see the SIGTERM before it is woken.
  sendSignal(-leader, 'SIGCONT');
  if (await isGoneWithin(leader, patience)) return true;
  for (const { pid } of members(leader)) sendSignal(pid, 'SIGKILL');
  return isGoneWithin(leader, patience);
}

/** Signals a process, or a group by its negative id. What is gone, or not ours to signal, shows by its staying or not. */
export function sendSignal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

async function isGoneWithin(leader: number, { clock, killAfterMs }: Patience): Promise<boolean> {
  const deadline = clock.monotonic() + killAfterMs;
  while (isThere(leader)) {
    if (clock.monotonic() >= deadline) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}

const members = (leader: number) => readProcessTable().filter(({ session }) => session === leader);

const isThere = (leader: number): boolean => members(leader).length > 0;
