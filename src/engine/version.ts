import type { DaemonState } from '../incident/daemon-state.ts';
import { isSuperseded } from '../model/cutover.ts';
import type { Version } from '../model/version.ts';

/**
 * Which version of the application is expected to run: the legacy one from the moment a rollback began to start it,
 * whatever became of later attempts, until there is another cut-over, or a person who finished by hand says otherwise.
 */
export function expectedVersion({ runs, serving }: DaemonState, cutoverAt: number, now: number): Version {
  const started = [...runs.values()].findLast(
    (run) => run.plan.kind === 'rollback' && run.steps.has('start-application') && !isSuperseded(run, cutoverAt, now),
  );
  if (!started) return 'unified';
  return serving && serving.at >= lastStart(started.steps.get('start-application')) ? serving.version : 'legacy';
}

const lastStart = (attempts: readonly { readonly at: number }[] = []): number => attempts.at(-1)?.at ?? 0;
