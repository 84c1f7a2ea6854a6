import { expect, it, onTestFinished } from 'vitest';
import { examination } from '../../src/engine/examine.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import type { Obstacle } from '../../src/model/obstacle.ts';
import { manualClock } from '../manual-clock.ts';
import { memoryJournal } from './memory-journal.ts';

const minute = 60_000;
const stale = { what: 'pm2 has saved old-app', mend: 'forget it with "pm2 save"' };

function examineIn(mode: 'observe' | 'approve', first: readonly Obstacle[]) {
  const clock = manualClock();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const memory: Memory = openMemory(
    memoryJournal([], () => clock.now()),
    mode,
  );
  const seen = { obstacles: first, warned: [] as unknown[] };
  const log = { warn: (details: unknown) => void seen.warned.push(details), info: () => {} };
  const examined = examination({
    preflight: async () => seen.obstacles,
    clock,
    memory,
    log: log as never,
    onFault: (fault) => expect.fail(String(fault)),
  });
  void examined.run(stop.signal);
  const told = () =>
    [...memory.state().messages.values()].map(({ subject, text, urgency }) => `${urgency}: ${subject}: ${text}`);
  return { clock, seen, told, examined };
}

it.each([
  ['observe', 'told'],
  ['approve', 'alarmed'],
] as const)('in mode %s people are %s what would hinder a stop, long before one is needed', async (mode, urgency) => {
  const { clock, seen, told, examined } = examineIn(mode, [stale]);
  await clock.pass(0);
  expect(seen.warned).toEqual([{ hindrances: [`${stale.what}. Mend: ${stale.mend}`] }]);
  await clock.pass(2 * minute);
  expect(told()).toEqual([
    expect.stringMatching(new RegExp(`^${urgency}: something would hinder .*: pm2 has saved old-app.*Mend: forget it`)),
  ]);
  expect(examined.obstacles(), 'as `status` shows it').toEqual([stale]);
});

it('says nothing of a process manager that was only just starting', async () => {
  const { clock, seen, told } = examineIn('approve', [stale]);
  await clock.pass(0);
  seen.obstacles = [];
  await clock.pass(60 * minute);
  expect(told()).toEqual([]);
});

it('tells it once, again after a day, and that it is over', async () => {
  const { clock, seen, told } = examineIn('approve', [stale]);
  await clock.pass(23 * 60 * minute);
  expect(told()).toHaveLength(1);
  await clock.pass(2 * 60 * minute);
  expect(told()).toHaveLength(2);
  seen.obstacles = [];
  await clock.pass(30 * minute);
  expect(told().at(-1)).toMatch(/^told: nothing hinders/);
});
