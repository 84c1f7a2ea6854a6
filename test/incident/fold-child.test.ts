import { expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, must, writtenAt } from './histories.ts';

const planned = { tag: 't', run: 'run-1', step: 'restore', program: 'mongorestore', arguments: ['--drop'] };
const startedAs = (tag: string): EventBody => ({ kind: 'child.started', tag, pid: 41, startTime: '7' });

it('knows of a child program that has started both its process and what it was planned for', () => {
  const state = must(emptyState(), { kind: 'child.planned', ...planned });
  expect(state.children.get('t')).toEqual({ ...planned, plannedAt: begin, process: undefined });
  expect(must(state, startedAs('t')).children.get('t')).toEqual({
    ...planned,
    plannedAt: begin,
    process: { pid: 41, startTime: '7' },
  });
});

it('takes no process that nobody planned for a child of its own', () => {
  const state = must(emptyState(), { kind: 'child.planned', ...planned });
  const after = writtenAt(state, begin, startedAs('another'));
  expect([...after.children.keys()]).toEqual(['t']);
  expect(after.children.get('t')?.process).toBeUndefined();
});

it('forgets a child that has ended, and no other', () => {
  const two = must(
    emptyState(),
    { kind: 'child.planned', ...planned },
    { kind: 'child.planned', ...planned, tag: 'u' },
    startedAs('t'),
    { kind: 'child.ended', tag: 't', outcome: 'exited' },
  );
  expect([...two.children.keys()]).toEqual(['u']);
});
