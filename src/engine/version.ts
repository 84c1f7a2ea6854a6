import type { DaemonState } from '../incident/daemon-state.ts';
import { lastRollbackOf } from '../incident/read-state.ts';

/** Which version of the application is expected to run: the legacy one from the moment a rollback began to start it. */
export function expectedVersion(state: DaemonState): 'unified' | 'legacy' {
  return lastRollbackOf(state)?.steps.has('start-application') ? 'legacy' : 'unified';
}
