import { expect, it } from 'vitest';
import type { QueuedMessage } from '../../src/incident/daemon-state.ts';
import { isSuperseded } from '../../src/notify/due.ts';

const named = (message: string): QueuedMessage => ({
  message,
  subject: 's',
  text: 't',
  urgency: 'alarmed',
  queuedAt: 0,
  deliveredTo: [],
  undeliverable: [],
});

const firstOf = (first: string, ...later: string[]): boolean => {
  const pending = [first, ...later].map(named);
  const [message] = pending;
  return message !== undefined && isSuperseded(message, pending);
};

it.each([
  ['inc-1/r1.waiting-1767000000000-1', 'inc-1/r1.waiting-1767000000000-2'],
  ['inc-1/failed-run-0mbx-7c1e9a-1767000000000-3', 'inc-1/failed-run-0mbx-7c1e9a-1767000000000-4'],
  ['inc-1/contained-1', 'inc-1/contained-2'],
  ['run-1/acknowledge-0', 'run-1/acknowledge-1'],
])('of two reminders of one thing the later one will do: %s', (first, later) => {
  expect(firstOf(first, later)).toBe(true);
  expect(firstOf(first)).toBe(false);
});

it.each([
  ['inc-1/r1.waiting-1767000000000-1', 'inc-1/r2.waiting-1767000000000-2'],
  ['run-1/changed-1', 'run-1/changed-2'],
  ['run-1/step-stop-1', 'run-1/step-stop-2'],
  ['daemon/4711', 'daemon/4712'],
  ['inc-1/failed-run-1-1767000000000', 'inc-1/failed-run-1-1767000000001'],
])('what says something of its own is never passed over: %s', (first, later) => {
  expect(firstOf(first, later)).toBe(false);
});
