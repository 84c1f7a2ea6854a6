import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 20;

/** Asks a process to end, insists after `graceMs`, and returns when it is gone. A pid that was taken over by another process is left alone. */
export async function endProcess(target: ProcessIdentity, graceMs = 5_000): Promise<void> {
  signal(target, 'SIGTERM');
  // A stopped process would not see the SIGTERM before it is woken.
  signal(target, 'SIGCONT');
  if (await waitUntilGone(target, graceMs)) return;
  signal(target, 'SIGKILL');
  if (await waitUntilGone(target, graceMs)) return;
  throw new Error(`process ${target.pid} is still there after SIGKILL`);
}

export function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function waitUntilGone(target: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(target)) {
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}
