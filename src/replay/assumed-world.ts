import type { EventBody } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';
import type { Plan } from '../model/plan.ts';
import { type DaemonState, emptyState, fold, type RunState } from './pure-half.ts';

/** Nothing of the target is there while looking back: its plan, backup and configuration are one made-up word each. */
export const assumed = {
  planHash: 'assumed-plan',
  manifestHash: 'assumed-backup',
  legacyCommit: 'assumed-commit',
  configHash: 'assumed-configuration',
};

/** Later than any input. */
export const forEver = 8_640_000_000_000_000;

/** How long a run takes that nobody runs. */
const takes = { containment: 20_000, rollback: 300_000 } as const;

/** As few as show what matters: the application is stopped, another version started, users are let in. */
const stepsOf = {
  containment: ['stop-application'],
  rollback: ['stop-application', 'start-application', 'enable-traffic'],
} as const;

export const assumedPlan = (kind: Plan['kind']): Plan => ({
  kind,
  target: 'replay',
  legacyCommit: assumed.legacyCommit,
  manifestHash: assumed.manifestHash,
  configHash: assumed.configHash,
  steps: stepsOf[kind].map((action) => ({
    id: action,
    action,
    phase: 'stop',
    title: action,
    commands: [],
    evidence: 'none',
    effect: 'none',
    expectedMs: 1,
  })),
  hash: assumed.planHash,
});

/** A run succeeds, all at once, when its time is over. */
export function assumedRun({ run, plan, startedAt, status }: RunState, now: number): EventBody[] {
  if (status === 'interrupted' || now < startedAt + takes[plan.kind]) return [];
  const steps = plan.steps.flatMap(({ id: step }): EventBody[] => [
    { kind: 'step.started', run, step, attempt: 1 },
    { kind: 'step.succeeded', run, step, attempt: 1, tookMs: 1, evidence: {} },
  ]);
  return [...steps, { kind: 'run.finished', run, outcome: 'succeeded', reason: 'assumed' }];
}

/** A daemon with that power, from before the first look on, for ever. */
export function assumedState(mode: Mode): DaemonState {
  if (mode !== 'armed') return emptyState(mode);
  const body: EventBody = {
    kind: 'mode.armed',
    person: 'replay',
    role: 'on-call-lead',
    until: forEver,
    manifestHash: assumed.manifestHash,
    legacyCommit: assumed.legacyCommit,
    configHash: assumed.configHash,
    guardsOff: [],
    reason: 'looking back',
  };
  return fold(emptyState('observe'), { seq: 1, at: 0, body, hash: '' });
}
