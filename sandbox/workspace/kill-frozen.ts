import { signal } from './end-process.ts';
import { isRunning, isStopped, type ProcessIdentity } from './process-identity.ts';

/** More rounds than any tree of processes needs: what cannot be stopped (it waits for a disk) is killed all the same. */
const MOST_ROUNDS = 200;

/**
 * Kills everything that `find` sees, and what that starts meanwhile: what was found is stopped first, until nothing more is found.
 * Killed one by one, a process manager starts anew what it sees ending, and its child is found by nobody once it is gone itself.
 */
export function killFrozen(find: () => readonly ProcessIdentity[]): boolean {
  const found = new Map<number, ProcessIdentity>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const one of find()) found.set(one.pid, one);
    const running = [...found.values()].filter((one) => isRunning(one) && !isStopped(one));
    if (running.length === 0) break;
    for (const one of running) signal(one, 'SIGSTOP');
  }
  for (const one of found.values()) signal(one, 'SIGKILL');
  return found.size > 0;
}
