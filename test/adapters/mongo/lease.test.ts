import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ItsJournal } from '../../../src/adapters/mongo/its-journal.ts';
import { createLease } from '../../../src/adapters/mongo/lease.ts';
import { dropAll, type MongoFixture, never, startMongo } from './mongo-fixture.ts';

let mongo: MongoFixture;

beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo[Symbol.asyncDispose]());
beforeEach(() => dropAll(mongo.admin));

const cutoverAt = Date.parse('2026-01-01T00:00:00Z');
/** A journal of some length; what it knows are its own events. */
const journalOf = (name: string, seq = 5, runs = ['run-1']): ItsJournal => ({
  head: () => ({ seq, hash: `${name}-${seq}` }),
  holds: (mark) => mark.seq <= seq && mark.hash === `${name}-${mark.seq}`,
  knowsRun: (run) => runs.includes(run),
});
const leaseOf = (holder: string, target = 'superkafe', cutover = cutoverAt, journal = journalOf(holder)) =>
  createLease({
    connection: mongo.connection(mongo.users.observer),
    database: 'rollbackd',
    target,
    holder,
    journal,
    cutoverAt: cutover,
  });
const unfinished = { run: 'run-1', state: 'unfinished', since: cutoverAt + 1_000, cutoverAt } as const;
const rolledBack = { ...unfinished, state: 'rolled-back' } as const;

test('a free lease is taken, kept by its holder, and refused to others by name', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  const mine = { heldBy: 'host-1', mine: true, epoch: 1 };
  expect(await first.acquire(60_000, never)).toEqual(mine);
  expect(await first.acquire(60_000, never)).toEqual(mine);
  await expect(second.acquire(60_000, never)).rejects.toMatchObject({
    reason: 'lease-held',
    message: expect.stringContaining('host-1'),
  });
});

test('of many that ask at once exactly one gets it', async () => {
  const leases = Array.from({ length: 8 }, (_, number) => leaseOf(`host-${number}`));
  const answers = await Promise.allSettled(leases.map((lease) => lease.acquire(60_000, never)));
  const winners = answers.filter(({ status }) => status === 'fulfilled');
  const losers = answers.filter((answer) => answer.status === 'rejected' && answer.reason.reason === 'lease-held');
  for (const lease of leases) await lease[Symbol.asyncDispose]();
  expect([winners.length, losers.length]).toEqual([1, 7]);
});

test('a lease that is released or has expired is free', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.acquire(60_000, never);
  await first.release(never);
  await second.acquire(1, never);
  await expect.poll(() => first.acquire(60_000, never).catch(() => undefined)).toMatchObject({ mine: true });
});

test('a daemon does not release what another one holds', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.acquire(60_000, never);
  await second.release(never);
  await expect(second.acquire(60_000, never)).rejects.toMatchObject({ reason: 'lease-held' });
});

test('two targets on one server have a lease each', async () => {
  await using first = leaseOf('host-1', 'superkafe');
  await using second = leaseOf('host-2', 'another');
  await first.acquire(60_000, never);
  expect(await second.acquire(60_000, never)).toMatchObject({ mine: true });
});

test('a holder whose name looks like a field of the document gets no lease by that', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('$holder');
  await first.acquire(60_000, never);
  await expect(second.acquire(60_000, never)).rejects.toMatchObject({ reason: 'lease-held' });
});

test('what a daemon has left unfinished is nobody else’s, however long its lease has been gone', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.acquire(60_000, never);
  await first.note(unfinished, never);
  await expect(second.acquire(60_000, never)).rejects.toThrow('another daemon may act on superkafe: host-1, until');
  await first.release(never);
  await expect(second.acquire(60_000, never)).rejects.toMatchObject({
    reason: 'lease-held',
    message: expect.stringMatching(
      /host-1, began a rollback of superkafe \(run-1\) that has not ended well.*2026-01-01/,
    ),
    remedy: expect.stringContaining('rollbackd rollback --take-over'),
  });
  expect(await first.acquire(60_000, never)).toMatchObject({ mine: true });
});

test('it is free again once its daemon says that nothing is left', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.note(unfinished, never);
  await second.note(undefined, never);
  await expect(second.acquire(60_000, never)).rejects.toMatchObject({ reason: 'lease-held' });
  await first.note(undefined, never);
  expect(await second.acquire(60_000, never)).toMatchObject({ mine: true });
});

test('a person takes over what was left, but not a lease that is being held; then it is the other one’s', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.acquire(60_000, never);
  await first.note(unfinished, never);
  await expect(second.acquire(60_000, never, { takeOver: true })).rejects.toMatchObject({ reason: 'lease-held' });
  await first.release(never);
  expect(await second.acquire(60_000, never, { takeOver: true })).toMatchObject({ mine: true });
  await second.note({ ...unfinished, run: 'run-2' }, never);
  await first.note(undefined, never);
  await second.release(never);
  await expect(first.acquire(60_000, never)).rejects.toThrow(/host-2, began a rollback of superkafe \(run-2\)/);
});

test('a lease that one holds already is refused as well while another’s run stands', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await second.acquire(60_000, never);
  await first.note(unfinished, never);
  await expect(second.acquire(60_000, never)).rejects.toThrow(/host-1, began a rollback/);
});

test('users back on the legacy databases, or an application stopped for a leak, are another daemon’s matter too', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  await first.note({ run: 'run-1', state: 'contained', since: cutoverAt }, never);
  await expect(second.acquire(60_000, never)).rejects.toThrow(/host-1, has stopped superkafe for a leak/);
  await first.note(rolledBack, never);
  await expect(second.acquire(60_000, never)).rejects.toThrow(/host-1, has rolled superkafe back/);
});

test('a rollback is behind us only with another cut-over that came after it, and has come', async () => {
  await using first = leaseOf('host-1');
  await first.note(rolledBack, never);
  const askedFor = async (cutover: number) => {
    await using second = leaseOf('host-2', 'superkafe', cutover);
    return await second.acquire(1, never).then(
      () => 'mine',
      ({ reason }) => reason,
    );
  };
  expect(await askedFor(rolledBack.since)).toBe('lease-held');
  expect(await askedFor(Date.now() + 3_600_000)).toBe('lease-held');
  expect(await askedFor(rolledBack.since + 1)).toBe('mine');
  await first.note({ ...rolledBack, cutoverAt: rolledBack.since + 1 }, never);
  expect(await askedFor(rolledBack.since + 1)).toBe('lease-held');
  await first.note(unfinished, never);
  expect(await askedFor(rolledBack.since + 1)).toBe('lease-held');
});

const withJournal = (journal: ItsJournal) => leaseOf('host-1', 'superkafe', cutoverAt, journal);
const unknownToUs = {
  reason: 'lease-held',
  message: expect.stringMatching(
    /this daemon has rolled superkafe back \(run-1\).*the journal that it has now does not know/,
  ),
  remedy: expect.stringMatching(/newest copy of its state folder.*--take-over/),
};

test('what stands there under its own name is another’s where its journal is a new one, until a person takes it over', async () => {
  await using before = leaseOf('host-1');
  await before.acquire(60_000, never);
  await before.note(rolledBack, never);
  await before.release(never);
  expect(await before.unknown(never)).toBeUndefined();
  await using after = withJournal(journalOf('new', 9));
  expect(await after.unknown(never)).toMatchObject(unknownToUs);
  await expect(after.acquire(60_000, never)).rejects.toMatchObject(unknownToUs);
  await after.note(undefined, never);
  await expect(after.acquire(60_000, never)).rejects.toMatchObject(unknownToUs);
  expect(await after.acquire(60_000, never, { takeOver: true })).toMatchObject({ mine: true, epoch: 2 });
  await after.note({ ...unfinished, run: 'run-2' }, never);
  expect(await after.acquire(60_000, never)).toMatchObject({ mine: true, epoch: 2 });
  await expect(before.acquire(60_000, never)).rejects.toMatchObject({ reason: 'lease-held' });
});

test('an older state folder does not know what was done after it was copied', async () => {
  await using now = withJournal(journalOf('one', 50));
  await now.acquire(60_000, never);
  await now.note(rolledBack, never);
  await using older = withJournal(journalOf('one', 49));
  await expect(older.acquire(60_000, never)).rejects.toMatchObject(unknownToUs);
  await using later = withJournal(journalOf('one', 70));
  expect(await later.acquire(60_000, never)).toMatchObject({ mine: true });
  // Whoever has had the lease since has had it with more of its journal.
  await expect(now.acquire(60_000, never)).rejects.toMatchObject(unknownToUs);
});

test('a journal that had come further here does nothing by an older copy, though nothing stands there any more', async () => {
  await using now = withJournal(journalOf('one', 50));
  await now.acquire(60_000, never);
  await now.note(unfinished, never);
  await now.note(undefined, never);
  await using older = withJournal(journalOf('one', 49));
  const further = { message: expect.stringContaining('has acted on superkafe up to event 50 of its journal') };
  await expect(older.acquire(60_000, never)).rejects.toMatchObject(further);
  expect(await older.unknown(never)).toMatchObject(further);
  await older.note(unfinished, never);
  expect(await now.unknown(never)).toBeUndefined();
  expect(await older.acquire(60_000, never, { takeOver: true })).toMatchObject({ mine: true });
});

test('a person who tells the target that an older journal counts has it count', async () => {
  await using now = withJournal(journalOf('one', 50));
  const { epoch } = await now.acquire(60_000, never);
  await now.note(unfinished, never);
  await using older = withJournal(journalOf('one', 49));
  const leases = mongo.admin.db('rollbackd').collection<{ _id: string }>('leases');
  await leases.updateOne({ _id: 'superkafe' }, { $unset: { journal: 1, left: 1 } });
  expect(await older.unknown(never)).toBeUndefined();
  expect(await older.acquire(60_000, never)).toMatchObject({ epoch });
});

test('a note of an earlier version is known by its run', async () => {
  const leases = mongo.admin.db('rollbackd').collection<{ _id: string }>('leases');
  await leases.insertOne({
    _id: 'superkafe',
    left: { ...rolledBack, holder: 'host-1', since: new Date(), run: 'run-of-a' },
  } as never);
  await using stranger = withJournal(journalOf('b', 5, []));
  await expect(stranger.acquire(60_000, never)).rejects.toMatchObject({ reason: 'lease-held' });
  await using knowing = withJournal(journalOf('a', 5, ['run-of-a']));
  expect(await knowing.acquire(60_000, never)).toMatchObject({ mine: true });
});

test('its epoch counts who had it, and whoever had it before gets it no more by an old one', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  const { epoch } = await first.acquire(60_000, never);
  expect(await first.acquire(60_000, never, { epoch })).toMatchObject({ epoch });
  await first.release(never);
  expect(await first.acquire(60_000, never, { epoch })).toMatchObject({ epoch });
  await first.release(never);
  expect(await second.acquire(60_000, never)).toMatchObject({ epoch: epoch + 1 });
  await expect(first.acquire(60_000, never, { epoch })).rejects.toThrow('another daemon may act on superkafe: host-2');
  await second.release(never);
  await expect(first.acquire(60_000, never, { epoch })).rejects.toMatchObject({
    reason: 'lease-held',
    message: expect.stringContaining('has not been ours all the time'),
  });
  expect(await first.acquire(60_000, never)).toMatchObject({ epoch: epoch + 2 });
});
