import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import {
  begin,
  begun,
  decisionTo,
  finished,
  incidentOf,
  must,
  opened,
  planOf,
  runOf,
  tried,
  writtenAt,
} from './histories.ts';
import { Life, minute } from './living.ts';

const incident = 'incident-1';
const leak = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear') });
const resumed: EventBody = { kind: 'run.resumed', run: 'run-1', person: 'Sari' };
const daemonStarted: EventBody = { kind: 'daemon.started', version: '0', configHash: 'c', pid: 2 };

/** It stops the application in its first step. */
const stopsFirst: Plan = {
  ...planOf('rollback'),
  steps: planOf('rollback').steps.map((step) => (step.id === 'first' ? { ...step, phase: 'stop' } : step)),
};

/** A rollback that let users in; what came after that failed. */
const letIn = [...tried('first', 'succeeded'), ...tried('enable-traffic', 'succeeded'), finished('failed')];

describe('a run that nobody knows', () => {
  it.each<EventBody>([
    { kind: 'run.interrupted', run: 'run-7', reason: 'r' },
    { kind: 'run.resumed', run: 'run-7' },
    { kind: 'run.put-back', run: 'run-7' },
    finished('failed', 'run-7'),
    { kind: 'run.acknowledged', run: 'run-7', person: 'Sari', serving: 'legacy' },
    ...tried('first', 'succeeded', { run: 'run-7' }),
  ])('is not made by what is said of it, and touches no other: $kind', (body) => {
    const state = must(emptyState('approve'), ...opened(incident, leak), begun('rollback', { incident }));
    const after = writtenAt(state, begin, body);
    expect(after).toEqual({ ...state, lastSeq: after.lastSeq });
  });
});

describe('a watch', () => {
  const watched = (): DaemonState =>
    must(emptyState('approve'), begun('rollback'), ...letIn, {
      kind: 'watch.started',
      run: 'run-1',
      until: begin + minute,
    });

  it('is over when another rollback begins, which will have its own', () => {
    expect(must(watched(), begun('rollback', { run: 'run-2' })).watch).toBeUndefined();
  });

  it('goes on while a leak is contained', () => {
    const containing = must(watched(), ...opened(incident, leak), begun('containment', { run: 'run-2', incident }));
    expect(containing.watch).toMatchObject({ run: 'run-1' });
  });
});

describe('a containment', () => {
  it('counts as begun until its run has ended, and as proven or failed after that', () => {
    const containing = must(emptyState('approve'), ...opened(incident, leak), begun('containment', { incident }));
    expect(incidentOf(containing).containment).toEqual({ state: 'begun', run: 'run-1', at: begin });
    const steps = [...tried('first', 'succeeded'), ...tried('enable-traffic', 'succeeded')];
    const proven = must(containing, ...steps, finished('succeeded'));
    expect(incidentOf(proven).containment).toEqual({ state: 'proven', run: 'run-1', at: begin });
    const failed = must(containing, finished('failed'));
    expect(incidentOf(failed).containment).toMatchObject({ state: 'failed', run: 'run-1', reason: 'r', fenced: false });
    expect(incidentOf(must(failed, resumed)).containment).toEqual({ state: 'begun', run: 'run-1', at: begin });
  });
});

describe('a run for an incident that is over', () => {
  it('leaves that incident as it was closed', () => {
    const over = must(emptyState('approve'), ...opened(incident, leak), {
      kind: 'incident.closed',
      incident,
      outcome: 'resolved-by-person',
      reason: 'by hand',
    });
    const after = writtenAt(over, begin + 1, begun('rollback', { incident }), finished('failed'));
    expect(incidentOf(after)).toEqual(incidentOf(over));
    expect(runOf(after).status).toBe('failed');
  });
});

describe('a rollback that let users in and failed at its last checks', () => {
  const rolledBack = (): Life => {
    const life = new Life();
    life.write(0, ...opened(incident, decisionTo('page')), begun('rollback', { incident }));
    life.write(1, ...letIn);
    return life;
  };

  it('stays rolled back since then while the checks are tried again, and where they fail again', () => {
    const life = rolledBack();
    const since = { status: 'rolled-back', run: 'run-1', at: begin + minute };
    expect(incidentOf(life.state)).toMatchObject(since);
    life.write(2, resumed);
    expect(incidentOf(life.state)).toMatchObject(since);
    life.write(3, finished('failed'));
    expect(incidentOf(life.state)).toMatchObject(since);
  });

  it('goes on being watched while the checks are tried again, and where they succeed', () => {
    const life = rolledBack();
    const until = begin + 60 * minute;
    life.write(2, { kind: 'watch.started', run: 'run-1', until });
    const watching = { status: 'watching', run: 'run-1', at: begin + 2 * minute, until, ended: false };
    life.write(3, resumed);
    expect(incidentOf(life.state)).toMatchObject(watching);
    life.write(4, finished('succeeded'));
    expect(incidentOf(life.state)).toMatchObject(watching);
    expect(life.state.watch).toMatchObject({ run: 'run-1', until });
  });
});

describe('a rollback of an incident', () => {
  it('is under way on the word on which it began, and has failed with its reason once it stopped anything', () => {
    const rollingBack = must(
      emptyState('approve'),
      ...opened(incident, decisionTo('page')),
      begun('rollback', { incident }),
    );
    expect(incidentOf(rollingBack)).toMatchObject({
      status: 'rolling-back',
      run: 'run-1',
      authority: { by: 'person' },
    });
    const failed = must(rollingBack, ...tried('enable-traffic', 'failed'), finished('failed'));
    expect(incidentOf(failed)).toMatchObject({ status: 'rollback-failed', run: 'run-1', reason: 'r' });
    expect(incidentOf(must(failed, resumed)).status).toBe('rolling-back');
    expect(incidentOf(must(rollingBack, ...tried('first', 'failed'), finished('failed'))).status).toBe('open');
  });
});

describe('a run that was put back', () => {
  it('has nothing of the application in its hands from that moment on, until it is taken up again', () => {
    const life = new Life();
    life.write(0, ...opened(incident, decisionTo('page')), begun('rollback', { incident, plan: stopsFirst }));
    life.write(1, ...tried('first', 'failed'));
    life.write(2, { kind: 'run.put-back', run: 'run-1' });
    expect(runOf(life.state).putBackAt).toBe(begin + 2 * minute);
    life.write(3, finished('failed'));
    expect(incidentOf(life.state).status).toBe('open');
    life.write(4, resumed, ...tried('first', 'failed', { attempt: 2 }), finished('failed'));
    expect(incidentOf(life.state).status).toBe('rollback-failed');
  });
});

describe('a daemon that starts again', () => {
  it('cuts off the step that was under way, and none that had ended, nor a run that had', () => {
    const life = new Life();
    life.write(0, begun('rollback'), ...tried('first', 'failed'), finished('failed'));
    life.write(1, begun('rollback', { run: 'run-2' }));
    const [started] = tried('enable-traffic', 'failed', { run: 'run-2' });
    if (!started) throw new Error('no event');
    life.write(2, ...tried('first', 'succeeded', { run: 'run-2' }), started);
    life.write(3, daemonStarted);
    expect(runOf(life.state, 'run-1').status).toBe('failed');
    expect(runOf(life.state, 'run-1').interruptedAt).toBeUndefined();
    const cut = runOf(life.state, 'run-2');
    expect(cut).toMatchObject({ status: 'interrupted', interruptedAt: begin + 3 * minute });
    expect(cut.steps.get('first')).toMatchObject([{ status: 'succeeded', endedAt: begin + 2 * minute }]);
    expect(cut.steps.get('enable-traffic')).toEqual([{ status: 'interrupted', attempt: 1, at: begin + 2 * minute }]);
  });
});
