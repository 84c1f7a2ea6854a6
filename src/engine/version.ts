import type { DaemonState } from '../incident/daemon-state.ts';

/**
 * Which version of the application is expected to run: the legacy one from the moment a rollback began to start it,
 * whatever became of later attempts, until there is another cut-over.
 */
export function expectedVersion({ runs }: DaemonState, cutoverAt: number): 'unified' | 'legacy' {
  const rollbacks = [...runs.values()].filter(({ plan }) => plan.kind === 'rollback');
  const legacy = rollbacks.some(({ startedAt, steps }) => startedAt >= cutoverAt && steps.has('start-application'));
  return legacy ? 'legacy' : 'unified';
}
