import type { DaemonState, RunState, StepAttempt } from '../incident/daemon-state.ts';
import { isContained, leaksOn } from '../incident/leaks-on.ts';
import { stopBegan } from '../incident/users-back.ts';
import type { StepHistory } from '../rollback/next.ts';

/** When the run last began or ended a step, epoch ms. */
export const lastActivity = ({ startedAt, steps }: RunState): number =>
  Math.max(
    startedAt,
    ...[...steps.values()].flat().map((attempt) => ('endedAt' in attempt ? attempt.endedAt : attempt.at)),
  );

/** It was contained before the run began, or hands out documents of others. */
export function staysStopped(state: DaemonState, run: string): boolean {
  const id = state.runs.get(run)?.incident ?? state.openIncident;
  const incident = id === undefined ? undefined : state.incidents.get(id);
  return incident !== undefined && (isContained(incident) || leaksOn(incident));
}

/** The application still serves: nothing has stopped it, this run least of all. */
export function isUntouched({ incidents }: DaemonState, run: RunState): boolean {
  const incident = run.incident === undefined ? undefined : incidents.get(run.incident);
  return run.plan.kind === 'rollback' && !stopBegan(run) && !(incident && isContained(incident));
}

export function stepHistory(run: RunState | undefined): ReadonlyMap<string, StepHistory> {
  const prepared = new Set(run?.plan.steps.filter(({ phase }) => phase === 'prepare').map(({ id }) => id));
  const entries = [...(run?.steps ?? [])].flatMap(([step, attempts]): [string, StepHistory][] => {
    const last = attempts.at(-1);
    if (!last) return [];
    const undone = !prepared.has(step) && last.at <= (run?.putBackAt ?? Number.NEGATIVE_INFINITY);
    return [[step, { attempts: last.attempt, status: undone ? 'undone' : statusOf(last) }]];
  });
  return new Map(entries);
}

const statusOf = ({ status }: StepAttempt): StepHistory['status'] => (status === 'interrupted' ? 'started' : status);
