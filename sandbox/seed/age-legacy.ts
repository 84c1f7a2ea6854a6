import type { Document, MongoClient } from 'mongodb';
import type { LegacyState } from './legacy-state.ts';
import type { Seed, SeedDatabase } from './seed.ts';

const ABSENT_TENANTS = new Set([2, 5]);
const DIFFERENT_TENANT = 4;

/** With fewer tenants the later ones of these states do not occur. */
export function legacyStates(seed: Seed): ReadonlyMap<string, LegacyState> {
  const states = new Map<string, LegacyState>(seed.databases.map(({ name }) => [name, 'equal']));
  for (const [index, { database, menuDatabase }] of seed.tenants.entries()) {
    if (ABSENT_TENANTS.has(index)) states.set(database, 'absent');
    else if (index === DIFFERENT_TENANT) states.set(menuDatabase, 'different');
  }
  return states;
}

/** What weeks of the unified system leave of the legacy databases: some dropped to save space, one used for a trial. */
export async function ageLegacy(client: MongoClient, seed: Seed): Promise<void> {
  const states = legacyStates(seed);
  for (const database of seed.databases) {
    const state = states.get(database.name);
    if (state === 'absent') await client.db(database.name).dropDatabase();
    else if (state === 'different') await makeDifferent(client, database);
  }
}

/** One changed, one added, some missing: counts alone would not tell the whole of it. */
async function makeDifferent(client: MongoClient, { name, collections }: SeedDatabase): Promise<void> {
  const database = client.db(name);
  const trial = { id: 'trial-item', name: 'Trial item', category: 'other', price: 1, createdAt: new Date() };
  await database.collection('menuitems').insertOne(trial);
  const orders = collections.find((collection) => collection.name === 'orders')?.documents ?? [];
  const [changed, ...gone] = orders.slice(0, 4).map(({ _id }: Document) => _id);
  await database.collection('orders').updateOne({ _id: changed }, { $set: { total: -1 } });
  await database.collection('orders').deleteMany({ _id: { $in: gone } });
  await database.collection('orders').dropIndex('createdAt_-1');
  await database.collection('trialnotes').insertOne({ note: 'in no backup: to be kept' });
}
