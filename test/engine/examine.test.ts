import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { examineTarget } from '../../src/engine/examine.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import { openTarget } from '../actions/target.ts';
import type { Target } from '../actions/target-state.ts';
import { memoryJournal } from './memory-journal.ts';

const minute = 60_000;
const stale = { against: 'saving', reason: 'pm2 has saved old-app' } as const;

let target: Target;
let memory: Memory;
let warned: unknown[];

beforeEach(() => {
  target = openTarget();
  warned = [];
});
afterEach(() => target[Symbol.dispose]());

function examineIn(mode: 'observe' | 'approve'): void {
  const stop = new AbortController();
  memory = openMemory(
    memoryJournal([], () => target.clock.now()),
    mode,
  );
  const log = { warn: (details: unknown) => void warned.push(details), info: () => {} };
  const onFault = (fault: unknown) => expect.fail(String(fault));
  void examineTarget({ world: target.world, memory, log: log as never, onFault }, stop.signal);
  onTestFinished(() => stop.abort());
}

const told = () =>
  [...memory.state().messages.values()].map(({ subject, text, urgency }) => `${urgency}: ${subject}: ${text}`);

it.each([
  ['observe', 'told'],
  ['approve', 'alarmed'],
] as const)('in mode %s people are %s what would hinder a stop, long before one is needed', async (mode, urgency) => {
  target.state.refusals = [stale];
  examineIn(mode);
  await target.clock.pass(0);
  expect(warned).toEqual([{ hindrances: [stale.reason] }]);
  await target.clock.pass(2 * minute);
  expect(told()).toEqual([
    expect.stringMatching(new RegExp(`^${urgency}: something would hinder .*: pm2 has saved old-app`)),
  ]);
});

it('says nothing of a process manager that was only just starting', async () => {
  target.state.refusals = [stale];
  examineIn('approve');
  await target.clock.pass(0);
  target.state.refusals = [];
  await target.clock.pass(60 * minute);
  expect(told()).toEqual([]);
});

it('tells it once, again after a day, and that it is over', async () => {
  target.state.refusals = [stale];
  examineIn('approve');
  await target.clock.pass(23 * 60 * minute);
  expect(told()).toHaveLength(1);
  await target.clock.pass(2 * 60 * minute);
  expect(told()).toHaveLength(2);
  target.state.refusals = [];
  await target.clock.pass(30 * minute);
  expect(told().at(-1)).toMatch(/^told: nothing hinders/);
});

it('counts as a hindrance that the process manager cannot be asked', async () => {
  Object.assign(target.world.process, { refusals: () => Promise.reject(new Error('pm2 does not answer')) });
  examineIn('approve');
  await target.clock.pass(2 * minute);
  expect(told()).toEqual([expect.stringContaining('pm2 does not answer')]);
});

it('finds out beforehand that somebody who cannot be seen is connected to the database', async () => {
  target.state.unseen = { 27017: [{ localPort: 40_001, inode: '777', uid: 1_002 }] };
  examineIn('approve');
  await target.clock.pass(2 * minute);
  expect(told()).toEqual([expect.stringContaining('no fence could be proven')]);
});
