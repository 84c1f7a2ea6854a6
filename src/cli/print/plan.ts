import { formatDuration } from '../../core/duration.ts';
import type { RollbackResult } from '../../doors/socket/client.ts';

type Plan = RollbackResult['plan'];
type Step = Plan['steps'][number];

/** A plan as a numbered list that a person can judge. */
export function planLines(plan: Plan): string[] {
  const total = plan.steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  return [
    `plan ${plan.hash.slice(0, 12)}: back to ${plan.legacyCommit.slice(0, 12)}, about ${formatDuration(total)}`,
    ...plan.steps.flatMap((step, index) => stepLines(step, index + 1, plan.pointOfNoReturn === step.id)),
  ];
}

function stepLines(step: Step, number: number, isLast: boolean): string[] {
  const margin = '    ';
  return [
    `${String(number).padStart(2)}. [${step.phase}] ${step.title} (about ${formatDuration(step.expectedMs)})`,
    ...step.commands.map((command) => `${margin}$ ${command}`),
    `${margin}effect: ${step.effect}`,
    `${margin}proof:  ${step.evidence}`,
    ...(isLast ? [`${margin}point of no return: after this step the restored system takes writes`] : []),
  ];
}
