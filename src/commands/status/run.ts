import type { RunState, StepAttempt } from '../../incident/daemon-state.ts';
import type { PlannedStep } from '../../model/plan.ts';
import type { RunView, StepView } from './view.ts';

export function viewRun(run: RunState): RunView {
  const { plan, incident, endedAt, reason, acknowledgedBy } = run;
  return {
    run: run.run,
    kind: plan.kind,
    ...(incident !== undefined && { incident }),
    status: run.status,
    authority: run.authority,
    planHash: plan.hash,
    startedAt: run.startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(reason !== undefined && { reason }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    steps: plan.steps.map((step) => viewStep(step, run.steps.get(step.id)?.at(-1))),
  };
}

function viewStep({ id, phase, title, expectedMs }: PlannedStep, last: StepAttempt | undefined): StepView {
  const head = { id, phase, title, expectedMs };
  if (!last) return { ...head, status: 'waiting', attempt: 0 };
  const tried = { ...head, status: last.status, attempt: last.attempt, startedAt: last.at };
  switch (last.status) {
    case 'started':
    case 'interrupted':
      return tried;
    case 'succeeded':
      return { ...tried, tookMs: last.tookMs, evidence: last.evidence };
    case 'failed':
      return { ...tried, tookMs: last.tookMs, failure: last.failure };
  }
}
