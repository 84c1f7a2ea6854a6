import { formatDuration } from '../../core/duration.ts';
import type { RunView, StatusView, StepView } from '../../doors/socket/client.ts';

export function runLines(run: RunView, now: number): string[] {
  const took = formatDuration((run.endedAt ?? now) - run.startedAt);
  const done = run.steps.filter(({ status }) => status === 'succeeded').length;
  return [
    `${run.kind} ${run.run}: ${run.status}, ${done} of ${run.steps.length} steps, ${took}, ${onWhoseWord(run)}`,
    ...(run.reason && run.status !== 'succeeded' ? [`  because ${run.reason}`] : []),
    ...run.steps.map((step) => stepLine(step, now)),
    ...(run.acknowledgedBy ? [`  acknowledged by ${run.acknowledgedBy}`] : []),
  ];
}

function onWhoseWord({ authority }: RunView): string {
  switch (authority.by) {
    case 'daemon':
      return 'by the daemon alone';
    case 'approval':
      return `approved by ${authority.people.join(' and ')}`;
    case 'person':
      return `by ${authority.person} (${authority.role}): ${authority.reason}`;
  }
}

const words = {
  waiting: 'waiting',
  started: 'running',
  interrupted: 'cut off',
  succeeded: 'done',
  failed: 'FAILED',
} as const;

export function stepLine(step: StepView, now?: number): string {
  const again = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  const head = `  ${words[step.status].padEnd(8)}${lasting(step, now).padStart(8)}  ${step.title}${again}`;
  if (!step.failure) return head;
  const { message, remedy } = step.failure;
  return `${head}: ${message}${remedy ? `. Next: ${remedy}` : ''}`;
}

function lasting({ status, tookMs, startedAt, expectedMs }: StepView, now: number | undefined): string {
  if (tookMs !== undefined) return formatDuration(tookMs);
  if (status === 'started' && startedAt !== undefined && now !== undefined) return formatDuration(now - startedAt);
  return status === 'waiting' ? `~${formatDuration(expectedMs)}` : '';
}

export function watchLines({ watch, at }: StatusView): string[] {
  if (!watch) return [];
  const { run, until, findings } = watch;
  const found = findings.length === 0 ? 'nothing found' : `${findings.length} findings`;
  const left = formatDuration(Math.max(0, until - at));
  return [`watch after ${run}: ${left} left, ${found}`, ...findings.map((finding) => `  ${finding}`)];
}
