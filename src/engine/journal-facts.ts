import type { DaemonState } from '../incident/daemon-state.ts';
import type { JournalFacts } from '../rules/guards/facts.ts';

/** What the journal says about the daemon's power and its past, as the guards ask for it. */
export function journalFacts({ mode, armed, paused, runs }: DaemonState): JournalFacts {
  const all = [...runs.values()];
  const last = all.findLast(({ plan }) => plan.kind === 'rollback');
  return {
    mode,
    armed,
    paused,
    runUnderWay: all.find(({ status }) => status === 'running' || status === 'interrupted')?.run,
    lastRollback: last && {
      run: last.run,
      endedAt: last.endedAt,
      automatic: last.authority.by === 'daemon',
      acknowledged: last.acknowledgedBy !== undefined,
    },
  };
}
