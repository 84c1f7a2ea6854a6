import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { leftOnTarget } from '../../src/incident/left-on-target.ts';
import type { EventBody } from '../../src/model/event.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, begun, decisionTo, must, opened, planOf } from './histories.ts';
import { Life, minute } from './living.ts';

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

  it('is nothing once its incident is closed, or somebody has acknowledged one without an incident', () => {
    const [first, ...rest] = halfWay;
    const failed = past(
      ...opened('incident-1', decisionTo('page')),
      { ...first, incident: 'incident-1' } as EventBody,
      ...rest,
    );
    const closed: EventBody = {
      kind: 'incident.closed',
      incident: 'incident-1',
      outcome: 'resolved-by-person',
      reason: 'by hand',
    };
    expect(leftOnTarget(failed)).toEqual(unfinished);
    expect(leftOnTarget(must(failed, closed))).toBeUndefined();
    const acknowledged: EventBody = { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' };
    expect(leftOnTarget(past(...halfWay, acknowledged))).toBeUndefined();
  });

  it('is an unfinished rollback where the daemon ended in its preparation: it will go on', () => {
    const interrupted: EventBody = { kind: 'run.interrupted', run: 'run-1', reason: 'r' };
    expect(leftOnTarget(past(started(), ...step('first', true).slice(0, 1), interrupted))).toEqual(unfinished);
  });

  it('is an unfinished rollback until its last check, though users are in already', () => {
    expect(leftOnTarget(past(started(), ...step('first', true), ...step('enable-traffic', true)))).toEqual(unfinished);
  });

  it('is a legacy system since the moment in which users may first have been let in', () => {
    const life = new Life();
    life.write(0, started(), ...step('first', true));
    life.write(1, ...step('enable-traffic', true).slice(0, 1));
    life.write(2, ...step('enable-traffic', true).slice(1));
    life.write(3, finished('succeeded'));
    expect(leftOnTarget(life.state)).toEqual({ ...rolledBack, since: begin + minute });
  });

  it('is a legacy system where a rollback has succeeded without a step that is known', () => {
    const bare = { ...started(), plan: { ...planOf('rollback'), steps: [] } } as EventBody;
    const life = new Life();
    life.write(0, bare);
    life.write(1, finished('succeeded'));
    expect(leftOnTarget(life.state)).toEqual({ ...rolledBack, since: begin + minute });
  });

  it('is not what a person said to serve before the rollback ended, but what was said after', () => {
    const life = new Life();
    const settled = (run: string, serving: 'legacy' | 'unified'): EventBody => {
      return { kind: 'run.acknowledged', run, person: 'Sari', serving };
    };
    life.write(0, ...halfWay, settled('run-1', 'unified'));
    expect(leftOnTarget(life.state)).toBeUndefined();
    life.write(1, { ...started(), run: 'run-2' } as EventBody);
    const [letting] = step('enable-traffic', false);
    life.write(2, { ...letting, run: 'run-2' } as EventBody, { ...finished('failed'), run: 'run-2' } as EventBody);
    expect(leftOnTarget(life.state)).toMatchObject({ run: 'run-2', state: 'unfinished', since: begin + minute });
    life.write(3, settled('run-2', 'legacy'));
    expect(leftOnTarget(life.state)).toMatchObject({ run: 'run-2', state: 'rolled-back', since: begin + 3 * minute });
  });

  it('is a legacy system with users on it after a success', () => {
    const done = past(started(), ...step('first', true), ...step('enable-traffic', true), finished('succeeded'));
    expect(leftOnTarget(done)).toEqual(rolledBack);
  });

  it('is nothing of an incident in which nothing was stopped', () => {
    expect(leftOnTarget(past(...opened('incident-1', decisionTo('page'))))).toBeUndefined();
  });

  it('is the unfinished rollback of an application that was stopped for its leak before', () => {
    const leak = decisionTo('contain', { criterion: 'cross-tenant-leak', verdicts: verdictsIn('breach', 'clear') });
    const containment = { ...planOf('containment'), steps: [] };
    const contained = past(
      ...opened('incident-1', leak),
      begun('containment', { run: 'run-0', incident: 'incident-1', plan: containment }),
      { kind: 'run.finished', run: 'run-0', outcome: 'succeeded', reason: 'r' },
    );
    expect(leftOnTarget(contained)).toEqual({ run: 'run-0', state: 'contained', since: begin });
    expect(leftOnTarget(must(contained, started('incident-1')))).toEqual(unfinished);
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
