import { formatDuration } from '../core/duration.ts';
import type { EventOf, Evidence } from '../model/event.ts';
import { messageId } from '../model/message-identity.ts';
import type { Plan } from '../model/plan.ts';

type StepEnd = EventOf<'step.succeeded' | 'step.failed'>;

interface Told {
  readonly plan: Plan;
  readonly incident?: string | undefined;
}

const longest = 600;

/**
 * The line about a step, written down together with its end, so that neither is there without the other. Nobody is
 * told of the steps of a run that belongs to no incident: whoever ordered it follows it themselves.
 */
export function stepLines({ plan, incident }: Told, end: StepEnd): EventOf<'message.queued'>[] {
  const at = plan.steps.findIndex(({ id }) => id === end.step);
  const step = plan.steps[at];
  if (incident === undefined || !step) return [];
  const done = end.kind === 'step.succeeded';
  const again = end.attempt > 1 ? `, attempt ${end.attempt}` : '';
  const outcome = `${done ? 'done' : 'FAILED'} in ${formatDuration(end.tookMs)}${again}`;
  return [
    {
      kind: 'message.queued',
      message: messageId({
        about: 'run',
        id: end.run,
        topic: { kind: 'once', of: { what: 'step', which: `${end.step} ${end.attempt}` } },
      }),
      subject: `${at + 1}/${plan.steps.length} ${step.title}: ${outcome}`,
      text: (done ? proof(end.evidence) : trouble(end)).slice(0, longest),
      urgency: 'progress',
    },
  ];
}

const proof = (evidence: Evidence): string =>
  Object.entries(evidence)
    .map(([what, value]) => `${what}: ${value}`)
    .join('; ');

const trouble = ({ message, remedy }: EventOf<'step.failed'>): string =>
  remedy ? `${message}. Next: ${remedy}` : message;
