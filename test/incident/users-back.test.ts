import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { nextMoves } from '../../src/incident/next.ts';
import { settledAs } from '../../src/incident/settled.ts';
import { permits } from '../../src/incident/transitions.ts';
import { stoppedAt, touchedAnything, trafficAfterFailure, usersBackAt } from '../../src/incident/users-back.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, begun, decisionTo, finished, must, opened, planOf, runOf, tried } from './histories.ts';
import { Life, minute } from './living.ts';

const [template] = planOf('rollback').steps;
if (!template) throw new Error('a plan without steps');
const step = template;
/** What a rollback does, from its preparation to its last check. */
const plan: Plan = {
  ...planOf('rollback'),
  steps: [
    step,
    { ...step, id: 'stop', phase: 'stop' },
    { ...step, id: 'enable-traffic', phase: 'verify' },
    { ...step, id: 'smoke-test', phase: 'verify' },
    { ...step, id: 'error-log', phase: 'verify' },
  ],
};
const rollback = begun('rollback', { plan });
const past = (...bodies: readonly EventBody[]): DaemonState => must(emptyState('approve'), rollback, ...bodies);
const watch: EventBody = { kind: 'watch.started', run: 'run-1', until: begin + 1 };
const acknowledged: EventBody = { kind: 'run.acknowledged', run: 'run-1', person: 'Budi' };

describe('users are back', () => {
  it('from the end of the attempt that let them in, though one before it failed', () => {
    const life = new Life();
    const again = tried('enable-traffic', 'succeeded', { attempt: 2 });
    life.write(0, rollback);
    life.write(1, ...tried('enable-traffic', 'failed'));
    expect(usersBackAt(runOf(life.state))).toBeUndefined();
    life.write(2, ...again.slice(0, 1));
    life.write(3, ...again.slice(1));
    expect(usersBackAt(runOf(life.state))).toBe(begin + 3 * minute);
  });

  it('by no containment, whatever its steps are called', () => {
    const leak = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear') });
    const contained = must(
      emptyState('approve'),
      ...opened('incident-1', leak),
      begun('containment', { incident: 'incident-1' }),
      ...tried('first', 'succeeded'),
      ...tried('enable-traffic', 'succeeded'),
      finished('succeeded'),
    );
    expect(usersBackAt(runOf(contained))).toBeUndefined();
    expect(permits(contained, watch)).toMatch(/only a rollback that has ended and let users in/);
  });

  it('and watched only once the rollback has come to its end', () => {
    const letIn = past(...tried('stop', 'succeeded'), ...tried('enable-traffic', 'succeeded'));
    expect(permits(letIn, watch)).toMatch(/only a rollback that has ended and let users in/);
    expect(permits(must(letIn, finished('failed')), watch)).toBeUndefined();
  });
});

describe('what people hear of a rollback that let users in and did not come to its end', () => {
  const letIn = [
    ...tried('first', 'succeeded'),
    ...tried('stop', 'succeeded'),
    ...tried('enable-traffic', 'succeeded'),
  ];
  const texts = (state: DaemonState) =>
    nextMoves(state, { decision: decisionTo('none', { verdicts: [] }), now: begin, planHash: undefined }).flatMap(
      (move) => (move.kind === 'tell' ? [move.text] : []),
    );

  it('is the step that failed, also where another has been done since', () => {
    const state = past(
      ...letIn,
      ...tried('smoke-test', 'failed'),
      ...tried('error-log', 'succeeded'),
      finished('failed'),
    );
    expect(stoppedAt(runOf(state))).toBe('smoke-test failed: it broke');
    expect(texts(state)).toEqual([expect.stringMatching(/^Users are in again, but smoke-test failed: it broke\./)]);
  });

  it('is the last step that failed where more than one did', () => {
    const state = past(...letIn, ...tried('smoke-test', 'failed'), ...tried('error-log', 'failed'), finished('failed'));
    expect(stoppedAt(runOf(state))).toBe('error-log failed: it broke');
  });

  it('is the reason of its end where no step failed, or the one that did has been done since', () => {
    const givenUp = past(...letIn, finished('failed'));
    expect(texts(givenUp)).toEqual([expect.stringMatching(/^Users are in again, but it failed: r\./)]);
    const mended = past(
      ...letIn,
      ...tried('smoke-test', 'failed'),
      ...tried('smoke-test', 'succeeded', { attempt: 2 }),
      finished('failed'),
    );
    expect(stoppedAt(runOf(mended))).toBe('it failed: r');
  });
});

describe('what was put back', () => {
  it('is the application as it was before, and was touched all the same', () => {
    const life = new Life();
    life.write(0, rollback);
    life.write(1, ...tried('stop', 'failed'));
    life.write(2, { kind: 'run.put-back', run: 'run-1' }, finished('failed'));
    expect(trafficAfterFailure(runOf(life.state))).toBe('What it had stopped was put back as it was before');
    expect(touchedAnything(runOf(life.state))).toBe(true);
    expect(touchedAnything(runOf(past(...tried('first', 'failed'), finished('failed'))))).toBe(false);
  });
});

describe('a rollback without an incident', () => {
  const stopped = [...tried('stop', 'succeeded'), ...tried('enable-traffic', 'failed'), finished('failed')];
  const letIn = [...tried('stop', 'succeeded'), ...tried('enable-traffic', 'succeeded'), finished('failed')];

  it('is settled by whoever acknowledges that it failed, and never goes on after that', () => {
    const state = past(...stopped);
    expect(settledAs(state, runOf(state))).toBeUndefined();
    const settled = must(state, acknowledged);
    expect(settledAs(settled, runOf(settled))).toBe('Budi has acknowledged that it failed');
  });

  it('may go on with its last checks, though somebody has acknowledged it: its users are in', () => {
    const state = must(past(...letIn), acknowledged);
    expect(settledAs(state, runOf(state))).toBeUndefined();
    expect(permits(state, { kind: 'run.resumed', run: 'run-1', person: 'Sari' })).toBeUndefined();
  });

  it('is not taken for one that failed where it has done what it was for', () => {
    const contained = must(
      emptyState('approve'),
      begun('containment', { plan: { ...planOf('containment'), steps: [] } }),
      finished('succeeded'),
      acknowledged,
    );
    expect(settledAs(contained, runOf(contained))).toBeUndefined();
  });
});

it('is not settled where the incident that a run belongs to is not known', () => {
  const state = past(...tried('stop', 'failed'), finished('failed'));
  expect(settledAs(state, { ...runOf(state), incident: 'incident-7' })).toBeUndefined();
});
