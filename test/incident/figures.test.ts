import { expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { figuresOf } from '../../src/incident/figures.ts';
import { foldAll } from '../../src/incident/fold.ts';
import type { EventBody } from '../../src/model/event.ts';
import { contained, letIn, rollbackFailed, rollingBack } from '../commands/fixture.ts';

const after = (...bodies: EventBody[]): DaemonState =>
  foldAll(
    emptyState('approve'),
    bodies.map((body, index) => ({ seq: index + 1, at: index, body, hash: '' })),
  );
const figures = (...bodies: EventBody[]) => figuresOf(after(...bodies));

const start = (...channels: string[]): EventBody => {
  return { kind: 'daemon.started', version: '0', configHash: 'c', pid: 1, channels };
};

it('counts a run from its start to its end, interrupted ones included', () => {
  expect(figures(...rollingBack()).activeRuns).toEqual({ containment: 0, rollback: 1 });
  expect(figures(...rollingBack(), start('log')).activeRuns).toEqual({ containment: 0, rollback: 1 });
  expect(figures(...rollbackFailed()).activeRuns).toEqual({ containment: 0, rollback: 0 });
  expect(figures(...contained().slice(0, -1)).activeRuns).toEqual({ containment: 1, rollback: 0 });
});

it('shows a containment until a release, a rollback that lets users in, or the end of its incident', () => {
  const incident = 'inc-1';
  const isContained = (...bodies: EventBody[]) => figures(...contained(), ...bodies).contained;
  expect(figures().contained).toBe(false);
  expect(isContained()).toBe(true);
  expect(isContained({ kind: 'containment.released', incident, person: 'ana', reason: 'mended' })).toBe(false);
  const [run, ...steps] = letIn();
  if (run?.kind !== 'run.started') throw new Error('no run');
  expect(isContained({ ...run, incident }, ...steps.slice(0, -1)), 'while its last checks run').toBe(false);
  expect(isContained(...rollingBack(incident)), 'while a rollback has not let users in').toBe(true);
  expect(isContained(...rollbackFailed(incident))).toBe(true);
  const closed = { kind: 'incident.closed', incident, outcome: 'resolved-by-person', reason: 'by hand' } as const;
  expect(isContained(...rollbackFailed(incident), closed)).toBe(false);
});

it('counts messages that some channel they are for has neither taken nor refused', () => {
  const queued = (message: string): EventBody => {
    return { kind: 'message.queued', message, subject: 's', text: 't', urgency: 'told' };
  };
  const taken = (message: string, channel: string): EventBody => ({ kind: 'message.delivered', message, channel });
  const old = [start('log'), queued('old'), taken('old', 'log'), start('log', 'webhook')];
  expect(figures(...old).pendingMessages).toBe(0);
  expect(figures(...old, queued('new'), taken('new', 'log')).pendingMessages).toBe(1);
  expect(figures(...old, queued('new'), taken('new', 'log'), taken('new', 'webhook')).pendingMessages).toBe(0);
});
