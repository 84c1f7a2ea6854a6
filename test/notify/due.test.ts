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
  ['incident/inc-1/asked?revision=1&period=1', 'incident/inc-1/asked?revision=1&period=2'],
  ['incident/inc-1/failed?which=run-1+17&period=3', 'incident/inc-1/failed?which=run-1+17&period=4'],
  ['run/run-1/found?which=error-rate-severe&period=1', 'run/run-1/found?which=error-rate-severe&period=2'],
  ['run/run-1/acknowledge?period=1', 'run/run-1/acknowledge?period=2'],
  ['daemon/blind?which=health&period=1767000000000', 'daemon/blind?which=health&period=1767000600000'],
  ['inc-1/r1.waiting-1767000000000-1', 'inc-1/r1.waiting-1767000000000-2'],
])('of two reminders of one matter the later one will do: %s', (first, later) => {
  expect(firstOf(first, later)).toBe(true);
  expect(firstOf(first)).toBe(false);
});

it.each([
  ['incident/inc-1/asked?revision=1', 'incident/inc-1/asked?revision=1&period=1'],
  ['incident/inc-1/asked?revision=1&period=1', 'incident/inc-1/asked?revision=2&period=2'],
  ['incident/inc-1/asked?revision=1&period=1', 'incident/inc-2/asked?revision=1&period=2'],
  ['run/run-1/changed?which=one', 'run/run-1/changed?which=two'],
  ['run/run-1/step?which=stop+1', 'run/run-1/step?which=stop+2'],
  ['daemon/alarm?which=4711', 'daemon/alarm?which=4712'],
  ['inc-1/failed-run-1-1767000000000', 'inc-1/failed-run-1-1767000000001'],
])('what says something of its own is never passed over: %s', (first, later) => {
  expect(firstOf(first, later)).toBe(false);
});
