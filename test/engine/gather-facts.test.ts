import { expect, it } from 'vitest';
import { type FactSources, gatherFacts } from '../../src/engine/gather-facts.ts';
import { openMemory } from '../../src/engine/memory.ts';
import { unknown } from '../../src/rules/guards/facts.ts';
import { openTarget } from '../actions/target.ts';
import { guardConfig } from '../rules/arbitrary-facts.ts';
import { memoryJournal } from './memory-journal.ts';

/** Everything is found out at once, but for the plan, which takes for ever. */
function gathering(signal: AbortSignal) {
  using target = openTarget();
  const { world, clock } = target;
  const never = (within: AbortSignal) =>
    new Promise<never>((_, reject) => within.addEventListener('abort', () => reject(within.reason)));
  const sources: FactSources = {
    world,
    lease: { acquire: async () => ({ heldBy: 'us', mine: true }), release: async () => {} },
    planner: { draft: never, planned: () => undefined, giveWay: () => {} },
    guard: guardConfig,
    cutoverAt: 0,
    configHash: 'config',
    mongo: () => unknown('not asked'),
  };
  return gatherFacts(sources, openMemory(memoryJournal([], clock.now), 'approve').state(), clock.now(), signal);
}

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
