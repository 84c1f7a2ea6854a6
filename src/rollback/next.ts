import { type ActionName, changesForGood, isOver, type Plan, type PlannedStep } from '../model/plan.ts';

export interface StepHistory {
  readonly attempts: number;
  /** `undone`: what it did was put back afterwards. */
  readonly status: 'started' | 'succeeded' | 'failed' | 'undone';
}

/** It has done something, or may have, that stands. */
const hasHands = (history: ReadonlyMap<string, StepHistory>, { id }: PlannedStep): boolean =>
  (history.get(id)?.status ?? 'undone') !== 'undone';

/** The application was touched, and nothing of it was changed for good. */
export const canBePutBack = (plan: Plan, history: ReadonlyMap<string, StepHistory>): boolean =>
  isTouched(plan, history) && !plan.steps.some((step) => changesForGood(step) && hasHands(history, step));

/** Its first step beyond the preparation has begun. */
export const isTouched = ({ steps }: Plan, history: ReadonlyMap<string, StepHistory>): boolean =>
  steps.some((step) => step.phase !== 'prepare' && hasHands(history, step));

export type NextStep =
  | { readonly kind: 'perform'; readonly step: PlannedStep; readonly attempt: number }
  | { readonly kind: 'finished' };

/**
 * The first step of the plan that has not succeeded yet; once users are in, the first that was not tried: what is checked then
 * is told, and fails nothing that is done. History: step id -> what became of it.
 */
export function nextStep(plan: Plan, history: ReadonlyMap<string, StepHistory>): NextStep {
  const step = plan.steps.find(({ id }) => !isOver(plan, id, history.get(id)?.status));
  if (!step) return { kind: 'finished' };
  return { kind: 'perform', step, attempt: (history.get(step.id)?.attempts ?? 0) + 1 };
}

/**
 * Steps whose result must be seen again before a run goes on after an interruption, until users are let in: what was
 * stopped and fenced must still be so, and what was kept of the databases must still be what they hold, as long as nothing
 * was replaced there; once the legacy system has been started, it must still run with its code, environment and
 * database, behind the maintenance answer.
 */
export function standingSteps(plan: Plan, history: ReadonlyMap<string, StepHistory>): PlannedStep[] {
  if (history.has('enable-traffic')) return [];
  const started = plan.steps.some(({ phase, id }) => phase === 'start' && history.has(id));
  return plan.steps.filter(
    (step) =>
      history.get(step.id)?.status === 'succeeded' &&
      (started ? standsStarted(step) : standsStopped(step, plan, history)),
  );
}

function standsStopped(
  { phase, action, subject }: PlannedStep,
  { steps }: Plan,
  history: ReadonlyMap<string, StepHistory>,
) {
  if (phase === 'stop') return true;
  const isAhead = (replacing: ActionName, of?: string) =>
    steps.some((step) => step.action === replacing && (of ?? step.subject) === step.subject && !history.has(step.id));
  // The unified application may have been started meanwhile: what is kept for the way forward is what it wrote, too.
  if (action === 'snapshot-unified' || action === 'forgo-unified-snapshot') {
    return isAhead('merge-collections') || !steps.some((step) => step.action === 'merge-collections');
  }
  return action === 'snapshot-legacy' && isAhead('restore-database', subject);
}

const whatRuns: readonly ActionName[] = [
  'show-maintenance',
  'switch-code',
  'switch-environment',
  'start-application',
  'await-liveness',
  'prove-database-in-use',
];

const standsStarted = ({ action }: PlannedStep): boolean => whatRuns.includes(action);
