import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { leftOnTarget } from '../../src/incident/left-on-target.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, decisionTo, must, opened, planOf } from './histories.ts';

const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
const plan = {
  ...planOf('rollback'),
  steps: planOf('rollback').steps.map((step, index) =>
    index === 0 ? step : ({ ...step, phase: 'stop' } as typeof step),
  ),
};
const started = (incident?: string): EventBody => ({
  kind: 'run.started',
  run: 'run-1',
  plan,
  authority,
  cutoverAt: begin - 1,
  ...(incident && { incident }),
});
const step = (id: string, done: boolean): EventBody[] => [
  { kind: 'step.started', run: 'run-1', step: id, attempt: 1 },
  done
    ? { kind: 'step.succeeded', run: 'run-1', step: id, attempt: 1, tookMs: 1, evidence: {} }
    : { kind: 'step.failed', run: 'run-1', step: id, attempt: 1, tookMs: 1, reason: 'r', message: 'm' },
];
const finished = (outcome: 'succeeded' | 'failed'): EventBody => ({
  kind: 'run.finished',
  run: 'run-1',
  outcome,
  reason: 'r',
});

const past = (...bodies: readonly EventBody[]): DaemonState => must(emptyState('approve'), ...bodies);
const unfinished = { run: 'run-1', state: 'unfinished', since: begin, cutoverAt: begin - 1 };
const rolledBack = { ...unfinished, state: 'rolled-back' };
const halfWay = [started(), ...step('first', true), ...step('enable-traffic', false), finished('failed')];

describe('what is left on the target', () => {
  it('is nothing before a rollback, and an unfinished one from its start on', () => {
    expect(leftOnTarget(emptyState())).toBeUndefined();
    expect(leftOnTarget(past(started()))).toEqual(unfinished);
  });

  it('is nothing after a rollback that ended in its preparation', () => {
    expect(leftOnTarget(past(started(), ...step('first', false), finished('failed')))).toBeUndefined();
  });

  it('is an unfinished rollback where it failed half-way, until whoever finished by hand says what serves', () => {
    expect(leftOnTarget(past(...halfWay))).toEqual(unfinished);
    const settled = (serving: 'legacy' | 'unified'): EventBody => ({
      kind: 'run.acknowledged',
      run: 'run-1',
      person: 'Sari',
      serving,
    });
    expect(leftOnTarget(past(...halfWay, settled('legacy')))).toEqual(rolledBack);
    expect(leftOnTarget(past(...halfWay, settled('unified')))).toBeUndefined();
  });

  it('stays unfinished while its incident is open, though somebody has acknowledged it', () => {
    const [first, ...rest] = halfWay;
    const failed = past(
      ...opened('incident-1', decisionTo('page')),
      { ...first, incident: 'incident-1' } as EventBody,
      ...rest,
    );
    const acknowledged = must(failed, { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' });
    expect(leftOnTarget(acknowledged)).toEqual(unfinished);
  });

  it('is a legacy system with users on it after a success', () => {
    const done = past(started(), ...step('first', true), ...step('enable-traffic', true), finished('succeeded'));
    expect(leftOnTarget(done)).toEqual(rolledBack);
  });

  it('is a stopped application while a leak is contained', () => {
    const leak = decisionTo('contain', { criterion: 'cross-tenant-leak' });
    const run: EventBody = {
      kind: 'run.started',
      run: 'run-0',
      plan: planOf('containment'),
      authority: { by: 'daemon' },
    };
    const contained = past(...opened('incident-1', leak), { ...run, incident: 'incident-1' } as EventBody);
    expect(leftOnTarget(contained)).toMatchObject({ run: 'run-0', state: 'contained' });
    const released: EventBody = { kind: 'containment.released', incident: 'incident-1', person: 'Sari', reason: 'r' };
    const proven = must(
      contained,
      ...['first', 'enable-traffic'].flatMap((id): EventBody[] => [
        { kind: 'step.started', run: 'run-0', step: id, attempt: 1 },
        { kind: 'step.succeeded', run: 'run-0', step: id, attempt: 1, tookMs: 1, evidence: {} },
      ]),
      { kind: 'run.finished', run: 'run-0', outcome: 'succeeded', reason: 'r' },
    );
    expect(leftOnTarget(must(proven, released))).toBeUndefined();
  });
});
