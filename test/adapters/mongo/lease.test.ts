import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLease } from '../../../src/adapters/mongo/lease.ts';
import { dropAll, type MongoFixture, never, startMongo } from './mongo-fixture.ts';

let mongo: MongoFixture;

beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(() => mongo[Symbol.asyncDispose]());
beforeEach(() => dropAll(mongo.admin));

const leaseOf = (holder: string, target = 'superkafe') =>
  createLease({ connection: mongo.connection(mongo.users.observer), database: 'rollbackd', target, holder });

test('a free lease is taken, kept by its holder, and refused to others by name', async () => {
  await using first = leaseOf('host-1');
  await using second = leaseOf('host-2');
  expect(await first.acquire(60_000, never)).toEqual({ heldBy: 'host-1', mine: true });
  expect(await first.acquire(60_000, never)).toEqual({ heldBy: 'host-1', mine: true });
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
