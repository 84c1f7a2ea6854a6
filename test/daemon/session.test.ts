import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { systemClock } from '../../src/core/clock.ts';
import { type Memory, openMemory } from '../../src/engine/memory.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { EventBody } from '../../src/model/event.ts';
import { watchWayIn } from '../../src/notify/way-in.ts';
import { openRecorder } from '../../src/recorder/recorder.ts';
import { startSession } from '../../src/session.ts';
import { memoryJournal } from '../engine/memory-journal.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';

const announce: EventBody = { kind: 'config.reloaded', configHash: 'new', channels: ['log'] };

/** A memory that counts who listens to it. */
function watched() {
  const memory = openMemory(memoryJournal([], Date.now), 'approve');
  const seen = { listeners: 0, owed: [] as string[] };
  const counting: Memory = {
    ...memory,
    writable: true,
    owe: (...bodies) => {
      seen.owed.push(...bodies.map(({ kind }) => kind));
      memory.owe(...bodies);
    },
    subscribe: (listener) => {
      seen.listeners += 1;
      const end = memory.subscribe(listener);
      return () => {
        seen.listeners -= 1;
        return end();
      };
    },
  };
  return { memory: counting, seen };
}

function dependenciesOf({ configFile, recorder }: DeadTarget, memory: Memory) {
  const loaded = loadConfig(configFile, {});
  if (loaded.status !== 'valid') throw new Error('not valid');
  const { config, hash: configHash } = loaded;
  const log = pino({ level: 'silent' });
  return {
    config,
    configHash,
    memory,
    journal: memoryJournal(),
    wayIn: watchWayIn({ ...memory, clock: systemClock, log }),
    clock: systemClock,
    log,
    recorder: openRecorder({ file: recorder, limitBytes: 1_000_000 }),
    metrics: createMetrics({ version: '0', criteria: [], tenants: [], channels: ['log'], clock: systemClock }),
  };
}

test('a session that fails while it is taken up leaves nobody who listens, and is announced only once it is built', async () => {
  using target = await deadTarget();
  const { memory, seen } = watched();
  const failing: Memory = {
    ...memory,
    owe: () => {
      throw new Error('not now');
    },
  };
  await expect(startSession(dependenciesOf(target, failing), announce)).rejects.toThrow('not now');
  expect(seen.listeners).toBe(0);

  const whole = dependenciesOf(target, memory);
  const { state: _, ...unfinished } = whole.config;
  const config = unfinished as typeof whole.config;
  await expect(startSession({ ...whole, config }, announce)).rejects.toThrow(TypeError);
  expect(seen).toEqual({ listeners: 0, owed: [] });

  const session = await startSession(whole, announce);
  // The session's own, and that of the notes beside the lease.
  expect(seen).toMatchObject({ listeners: 2, owed: ['config.reloaded'] });
  await session[Symbol.asyncDispose]();
  expect(seen.listeners).toBe(0);
});

test('people are told at the start where the latency baseline is wanting, and nobody is called each time', async () => {
  using target = await deadTarget();
  const { memory } = watched();
  const { config, ...others } = dependenciesOf(target, memory);
  const baseline = { ...config.baseline, latency: { ...config.baseline.latency, fromAccessLog: true } };
  const told: EventBody[] = [];
  memory.subscribe(({ body }) => told.push(body));
  await using _ = await startSession({ ...others, config: { ...config, baseline } }, announce);
  expect(told).toContainEqual(
    expect.objectContaining({
      kind: 'message.queued',
      subject: 'the latency baseline is wanting',
      text: expect.stringMatching(/there is no log at .*\n.*latency is not judged/),
      urgency: 'told',
    }),
  );
});
