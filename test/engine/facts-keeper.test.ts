import { pino } from 'pino';
import { expect, it } from 'vitest';
import { FactsKeeper } from '../../src/engine/facts-keeper.ts';
import { openMemory } from '../../src/engine/memory.ts';
import { journalFacts } from '../../src/incident/read-state.ts';
import { type Fact, type GuardFacts, known, unknown, type WritesLost } from '../../src/rules/guards/facts.ts';
import { manualClock } from '../manual-clock.ts';
import { memoryJournal } from './memory-journal.ts';

const none: WritesLost = { inserts: 0, updates: 0, deletes: 0, perTenant: {} };

/** Gathers what is put in; counts how often. */
function keeping(writesLost: () => Fact<WritesLost>) {
  const clock = manualClock();
  const memory = openMemory(memoryJournal([], clock.now), 'approve');
  const quickFacts = (): GuardFacts => ({
    now: clock.now(),
    cutoverAt: 0,
    configHash: 'config',
    ...journalFacts(memory.state(), clock.now()),
    writesLost: unknown('later'),
    backup: known({ hash: 'h', takenAt: 0 }),
    mongo: unknown('not asked'),
    legacyDatabases: known([]),
    plan: known({ hash: 'p', legacyCommit: 'abc' }),
    lease: unknown('not asked for'),
  });
  const count = { gathered: 0 };
  const gatherFacts = async () => {
    count.gathered += 1;
    return { facts: { ...quickFacts(), writesLost: writesLost() }, plan: undefined };
  };
  const log = pino({ level: 'silent' });
  const keeper = new FactsKeeper({ memory, clock, log, quickFacts, gatherFacts, gatherWithin: 60_000 }, () => {});
  const { signal } = new AbortController();
  return { clock, count, factsNow: () => keeper.factsFor('unavailable', signal) };
}

it('keeps complete facts for a quarter of an hour', async () => {
  const { clock, count, factsNow } = keeping(() => known(none));
  expect(factsNow()).toBeUndefined();
  await clock.pass(1_000);
  expect(factsNow()).toMatchObject({ fresh: true, facts: { writesLost: { known: true } } });
  await clock.pass(10 * 60_000);
  expect(factsNow()).toMatchObject({ fresh: false });
  expect(count.gathered).toBe(1);
  await clock.pass(6 * 60_000);
  factsNow();
  expect(count.gathered).toBe(2);
});

it('asks soon again for what could not be found out: a passing fault does not decide for long', async () => {
  let answer: Fact<WritesLost> = unknown('the server was busy');
  const { clock, count, factsNow } = keeping(() => answer);
  factsNow();
  await clock.pass(1_000);
  expect(factsNow()).toMatchObject({ facts: { writesLost: { known: false } } });
  answer = known(none);
  await clock.pass(20_000);
  factsNow();
  await clock.pass(1_000);
  expect(factsNow()).toMatchObject({ fresh: true, facts: { writesLost: { known: true } } });
  expect(count.gathered).toBe(2);
});
