import { never } from '../core/errors.ts';
import type { EventOf } from '../model/event.ts';
import type { RunState, StepAttempt } from './daemon-state.ts';

type StepEvent = EventOf<'step.started' | 'step.succeeded' | 'step.failed'>;

export function withStep(run: RunState, body: StepEvent, at: number): RunState {
  const attempts = run.steps.get(body.step) ?? [];
  const others = attempts.filter(({ attempt }) => attempt !== body.attempt);
  const begun = attempts.find(({ attempt }) => attempt === body.attempt);
  const steps = new Map(run.steps).set(body.step, [...others, attemptOf(body, begun?.at ?? at, at)]);
  return { ...run, steps };
}

function attemptOf(body: StepEvent, at: number, now: number): StepAttempt {
  const { attempt } = body;
  switch (body.kind) {
    case 'step.started':
      return { status: 'started', attempt, at };
    case 'step.succeeded':
      return { status: 'succeeded', attempt, at, endedAt: now, tookMs: body.tookMs, evidence: body.evidence };
    case 'step.failed': {
      const failure = { reason: body.reason, message: body.message, remedy: body.remedy };
      return { status: 'failed', attempt, at, endedAt: now, tookMs: body.tookMs, failure };
    }
    default:
      return never(body);
  }
}

/** A daemon that starts was ended before: whatever ran has been cut off. */
export function interrupted(runs: ReadonlyMap<string, RunState>, at: number): ReadonlyMap<string, RunState> {
  return new Map(
    [...runs].map(([id, run]) => [
      id,
      run.status === 'running' ? { ...run, status: 'interrupted', interruptedAt: at, steps: cutOff(run) } : run,
    ]),
  );
}

function cutOff({ steps }: RunState): RunState['steps'] {
  return new Map(
    [...steps].map(([step, attempts]) => [
      step,
      attempts.map((one) =>
        one.status === 'started' ? { status: 'interrupted', attempt: one.attempt, at: one.at } : one,
      ),
    ]),
  );
}
