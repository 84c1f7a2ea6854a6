import { describe, expect, it } from 'vitest';
import { expectedVersion } from '../../src/engine/version.ts';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, must, planOf } from '../incident/histories.ts';

const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
const steps = planOf('rollback').steps.map((step, index) => ({
  ...step,
  id: ['check-disk', 'start-application'][index] ?? '',
}));
const plan = { ...planOf('rollback'), steps };

/** A rollback that fails at the step. */
const failingAt = (run: string, step: 'check-disk' | 'start-application'): EventBody[] => [
  { kind: 'run.started', run, plan, authority },
  { kind: 'step.started', run, step, attempt: 1 },
  { kind: 'step.failed', run, step, attempt: 1, tookMs: 1, reason: 'r', message: 'm' },
  { kind: 'run.finished', run, outcome: 'failed', reason: 'r' },
];

const stateAfter = (...bodies: readonly EventBody[]): DaemonState => must(emptyState(), ...bodies);

describe('the version that is expected to run', () => {
  it('is the unified one until a rollback has begun to start the legacy one', () => {
    expect(expectedVersion(emptyState(), begin)).toBe('unified');
    expect(expectedVersion(stateAfter(...failingAt('run-1', 'check-disk')), begin)).toBe('unified');
    expect(expectedVersion(stateAfter(...failingAt('run-1', 'start-application')), begin)).toBe('legacy');
  });

  it('stays the legacy one when a second rollback fails before it touches anything', () => {
    const twice = stateAfter(...failingAt('run-1', 'start-application'), ...failingAt('run-2', 'check-disk'));
    expect(expectedVersion(twice, begin)).toBe('legacy');
  });

  it('is what whoever finished by hand says, until another rollback starts the legacy one', () => {
    const half = stateAfter(...failingAt('run-1', 'start-application'));
    const byHand = must(half, { kind: 'run.acknowledged', run: 'run-1', person: 'Sari', serving: 'unified' });
    expect(expectedVersion(byHand, begin)).toBe('unified');
    const again = must(
      byHand,
      { kind: 'run.started', run: 'run-2', plan, authority },
      { kind: 'step.started', run: 'run-2', step: 'start-application', attempt: 1 },
    );
    const later = { ...again, serving: { version: 'unified', at: begin - 1 } } as const;
    expect(expectedVersion(later, begin)).toBe('legacy');
  });

  it('is the unified one again after another cut-over', () => {
    const before = stateAfter(...failingAt('run-1', 'start-application'));
    expect(expectedVersion(before, begin + 1)).toBe('unified');
  });
});
