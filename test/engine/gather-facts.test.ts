import { expect, it } from 'vitest';
import { type FactSources, gatherFacts } from '../../src/engine/gather-facts.ts';
import { openMemory } from '../../src/engine/memory.ts';
import type { Planner } from '../../src/engine/planner.ts';
import { unknown } from '../../src/rules/guards/facts.ts';
import { openTarget } from '../actions/target.ts';
import type { Target } from '../actions/target-state.ts';
import { guardConfig } from '../rules/arbitrary-facts.ts';
import { memoryJournal } from './memory-journal.ts';

/** Everything is found out at once, but for the plan. */
const sourcesOf = ({ world }: Target, draft: Planner['draft']): FactSources => ({
  world,
  lease: { acquire: async () => ({ heldBy: 'us', mine: true, epoch: 1 }), release: async () => {} },
  planner: { draft, planned: () => undefined, giveWay: () => {} },
  guard: guardConfig,
  cutoverAt: 0,
  configHash: 'config',
  mongo: () => unknown('not asked'),
});

/** The plan takes for ever. */
function gathering(signal: AbortSignal) {
  using target = openTarget();
  const { clock } = target;
  const never = (within: AbortSignal) =>
    new Promise<never>((_, reject) => within.addEventListener('abort', () => reject(within.reason)));
  const sources = sourcesOf(target, never);
  return gatherFacts(sources, openMemory(memoryJournal([], clock.now), 'approve').state(), clock.now(), signal);
}

it('reads as much of the backup anew as is asked for', async () => {
  using target = openTarget();
  const readings: unknown[] = [];
  const draft: Planner['draft'] = async (_signal, reading) => {
    readings.push(reading);
    throw new Error('no plan');
  };
  const sources = sourcesOf(target, draft);
  const { state } = openMemory(memoryJournal([], target.clock.now), 'approve');
  await gatherFacts(sources, state(), target.clock.now(), new AbortController().signal);
  await gatherFacts({ ...sources, reading: 'whole' }, state(), target.clock.now(), new AbortController().signal);
  expect(readings).toEqual([undefined, 'whole']);
});

it('keeps what was found out when one fact takes too long', async () => {
  const { facts, draft } = await gathering(AbortSignal.timeout(50));
  expect(draft).toBeUndefined();
  expect(facts.writesLost).toMatchObject({ known: true });
  for (const fact of [facts.plan, facts.backup, facts.legacyDatabases]) {
    expect(fact).toEqual({ known: false, reason: 'not found out in the time for it' });
  }
});

it('finds out nothing for a daemon that stops', async () => {
  const stopping = new AbortController();
  const facts = gathering(AbortSignal.any([stopping.signal, AbortSignal.timeout(60_000)]));
  stopping.abort(new Error('the daemon stops'));
  await expect(facts).rejects.toThrow('the daemon stops');
});
