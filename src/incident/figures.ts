import type { Plan } from '../model/plan.ts';
import type { DaemonState } from './daemon-state.ts';
import { isPending } from './fold-message.ts';
import { openIncidentOf, runUnderWay } from './read-state.ts';
import { usersBackAt } from './users-back.ts';

/** What stands now, in numbers. */
export interface Figures {
  readonly contained: boolean;
  /** Started and not finished, interrupted ones included. */
  readonly activeRuns: Readonly<Record<Plan['kind'], number>>;
  readonly pendingMessages: number;
  /** When the backup was taken that is pinned while it is armed. */
  readonly pinnedBackupAt: number | undefined;
}

export function figuresOf(state: DaemonState): Figures {
  const run = runUnderWay(state);
  const kinds = run ? [run.plan.kind] : [];
  const { channels = ['log'], messages, armed } = state;
  return {
    contained: isContained(state),
    activeRuns: {
      containment: kinds.filter((kind) => kind === 'containment').length,
      rollback: kinds.filter((kind) => kind === 'rollback').length,
    },
    pendingMessages: [...messages.values()].filter((each) => channels.some((name) => isPending(each, name))).length,
    pinnedBackupAt: armed?.backupTakenAt,
  };
}

/** Ended by a release, by the end of its incident, or by a rollback that has let users in, whatever becomes of its last steps. */
function isContained(state: DaemonState): boolean {
  const run = runUnderWay(state);
  if (run && usersBackAt(run) !== undefined) return false;
  const containment = openIncidentOf(state)?.containment.state ?? 'none';
  return containment !== 'none' && containment !== 'released';
}
