import { expect, it } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import { noteOnLease } from '../../src/engine/lease-notes.ts';
import { openMemory } from '../../src/engine/memory.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { LeftOnTarget } from '../../src/model/left-on-target.ts';
import { planOf } from '../incident/histories.ts';
import { manualClock } from '../manual-clock.ts';
import { memoryJournal } from './memory-journal.ts';

const authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' } as const;
const started: EventBody = { kind: 'run.started', run: 'run-1', plan: planOf('rollback'), authority };
const ended: EventBody = { kind: 'run.finished', run: 'run-1', outcome: 'failed', reason: 'r' };

function noting(past: readonly EventBody[] = [], standing: { unknown?: RollbackdError<'lease-held'> } = {}) {
  const clock = manualClock();
  const memory = openMemory(
    memoryJournal(past, () => clock.now()),
    'approve',
  );
  const told: (LeftOnTarget['state'] | undefined)[] = [];
  const faults: unknown[] = [];
  const server: { away: boolean; unknown?: RollbackdError<'lease-held'> } = { away: false, ...standing };
  const stop = new AbortController();
  const lease = {
    unknown: async () => {
      if (server.away) throw new Error('no server');
      return server.unknown;
    },
    note: async (left: LeftOnTarget | undefined) => {
      if (server.away) throw new Error('no server');
      told.push(left?.state);
    },
  };
  const over = noteOnLease(
    { memory, lease, newest: lease, clock, onFault: (fault) => faults.push(fault) },
    stop.signal,
  );
  return { memory, clock, told, faults, server, stop, over };
}

it('notes a rollback from its start to its end, and stops with the daemon', async () => {
  const { memory, clock, told, stop, over } = noting();
  await clock.pass(1);
  memory.append(started);
  await clock.pass(1);
  memory.append(ended);
  await clock.pass(1);
  expect(told).toEqual(['unfinished', undefined]);
  stop.abort();
  await over;
});

it('says at the start what an earlier process has left, and takes nothing back where it knows of nothing', async () => {
  const before = noting([started]);
  await before.clock.pass(1);
  expect(before.told).toEqual(['unfinished']);
  const fresh = noting();
  await fresh.clock.pass(60_000);
  expect(fresh.told).toEqual([]);
  for (const { stop } of [before, fresh]) stop.abort();
});

it('goes on until a server that was away has been told', async () => {
  const { memory, clock, told, faults, server, stop } = noting();
  await clock.pass(1);
  server.away = true;
  memory.append(started);
  await clock.pass(20_000);
  server.away = false;
  await clock.pass(20_000);
  expect(told).toEqual(['unfinished']);
  expect(faults.length).toBeGreaterThan(0);
  stop.abort();
});

it('tells people at the start what stands on the target and this journal does not know', async () => {
  const unknown = new RollbackdError('lease-held', 'this daemon has rolled cafe back (run-7)');
  const { memory, clock, stop } = noting([], { unknown });
  await clock.pass(1);
  expect([...memory.state().messages.values()]).toMatchObject([
    { urgency: 'alarmed', text: expect.stringContaining('run-7') },
  ]);
  stop.abort();
});
