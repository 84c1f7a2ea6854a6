import type { DaemonState, RunState } from './daemon-state.ts';
import { usersBackAt } from './users-back.ts';

/**
 * Why a run never goes on, in words; `undefined` where it may. People have said that the matter is settled, so that the
 * application may be back in use by their hands: going on would stop it and replace what its users have written since.
 */
export function settledAs(state: DaemonState, run: RunState): string | undefined {
  if (run.incident === undefined) {
    const settled = run.status === 'failed' && run.acknowledgedBy !== undefined && usersBackAt(run) === undefined;
    return settled ? `${run.acknowledgedBy} has acknowledged that it failed` : undefined;
  }
  const incident = state.incidents.get(run.incident);
  return incident?.status === 'closed' ? `its incident ${incident.id} is closed (${incident.outcome})` : undefined;
}
