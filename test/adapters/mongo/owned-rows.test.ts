import { expect, test } from 'vitest';
import type { MongoReader } from '../../../src/adapters/mongo/contract.ts';
import { keptFor } from '../../../src/adapters/mongo/kept-for.ts';
import { createLegacyOwnership } from '../../../src/adapters/mongo/legacy-ownership.ts';
import { namesOf } from '../../../src/adapters/mongo/tenant-names.ts';
import { manualClock } from '../../manual-clock.ts';

const never = new AbortController().signal;

test('a clean answer of one tenant costs as many questions to the database, however many other tenants there are', async () => {
  const route = { collection: 'menuitems', idField: '_id', sameWhen: ['name'] };
  const asked = async (tenants: number) => {
    const questions: string[] = [];
    const find: MongoReader['find'] = async ({ database }, filter) => {
      questions.push(database);
      return '_id' in filter && database === 'cafe_0' ? [{ _id: 'mine', name: 'latte' }] : [];
    };
    const legacyDatabases = Array.from({ length: tenants }, (_, index) => ({
      name: `cafe_${index}`,
      tenant: String(index),
      policy: 'leave' as const,
      onDifferent: 'ask' as const,
      requiredIndexes: [],
    }));
    const server = { host: '127.0.0.1', port: 27_017, tls: false };
    const settings = { legacyDatabases, legacyTenants: undefined, legacy: server };
    const unified = { ...server, database: 'cafe_v2' };
    const ownership = createLegacyOwnership({ find }, { ...settings, unified }, manualClock());
    expect(await ownership.ownersOf(route, ['mine'], never, '0')).toEqual(new Map([['mine', ['0']]]));
    return questions.length;
  };
  expect(await asked(3)).toBe(1);
  expect(await asked(1_000)).toBe(1);
});

test('what is kept for a while is read once in that time by all who ask, and a failure is not kept', async () => {
  const clock = manualClock();
  let reads = 0;
  let fails = false;
  const read = keptFor(5_000, clock, async () => {
    reads += 1;
    if (fails) throw new Error('away');
    return reads;
  });
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  await clock.pass(4_999);
  expect(await read()).toBe(1);
  await clock.pass(1);
  fails = true;
  await expect(read()).rejects.toThrow('away');
  fails = false;
  expect(await read()).toBe(3);
});

test('among many other tenants some are asked about, others for each asker', () => {
  const tenants = Array.from({ length: 300 }, (_, index) => ({ slug: `t${index}`, tenantId: `id${index}` }));
  const names = namesOf(tenants, { orSlug: false });
  expect(names.ofOthers('t250').$in).toEqual([
    ...tenants.slice(251).map(({ tenantId }) => tenantId),
    ...tenants.slice(0, 51).map(({ tenantId }) => tenantId),
  ]);
  expect(names.ofOthers('t0').$in).not.toContain('id0');
});
