import { signal } from './end-process.ts';
import { isStopped, type ProcessIdentity } from './process-identity.ts';

/** More rounds than any tree of processes needs: what cannot be stopped (it waits for a disk) is killed all the same. */
const MOST_ROUNDS = 200;

/**
 * Kills everything that `find` sees, and what that starts meanwhile: what was found is stopped first, until nothing more is found.
 * Killed one by one, a process manager starts anew what it sees ending, and its child is found by nobody once it is gone itself.
 */
export function killFrozen(find: () => readonly ProcessIdentity[]): boolean {
  let found: readonly ProcessIdentity[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const running = find().filter((one) => !isStopped(one));
    found = [...found, ...running];
    if (running.length === 0) break;
    for (const one of running) signal(one, 'SIGSTOP');
  }
  for (const one of found) signal(one, 'SIGKILL');
  return found.length > 0;
}
