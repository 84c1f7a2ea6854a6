import type { Db, Document, MongoClient } from 'mongodb';
import type { Seed, SeedCollection } from './seed.ts';

const BATCH = 5_000;

async function insertCollection(database: Db, { name, documents, indexes }: SeedCollection): Promise<void> {
  const collection = database.collection<Document>(name);
  for (let from = 0; from < documents.length; from += BATCH) {
    await collection.insertMany(documents.slice(from, from + BATCH), { ordered: false });
  }
  await collection.createIndexes(indexes.map(({ key, unique }) => ({ key, ...(unique ? { unique } : {}) })));
}

/** Fills empty databases; a few at a time, as fast as one mongod takes it. */
export async function insertSeed(client: MongoClient, seed: Seed): Promise<void> {
  const waiting = seed.databases.flatMap(({ name, collections }) =>
    collections.map((collection) => ({ name, collection })),
  );
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await insertCollection(client.db(next.name), next.collection);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}
