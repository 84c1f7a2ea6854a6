import { oneAddress } from '../../adapters/mongo/servers.ts';
import type { StepContext } from '../contract.ts';
import { expectedOf } from '../legacy-state.ts';
import type { DiskNeed } from './disk-needs.ts';

/** What is restored goes to the disk of the legacy server; in words where that says nothing of its disk. */
export async function mongodNeed(context: StepContext): Promise<DiskNeed | string> {
  const { world, signal } = context;
  const { legacy } = world.settings.mongo;
  const place = `mongod at ${legacy.host}:${legacy.port}`;
  const bytes = await restoredBytes(context);
  if (bytes === 0) return 'nothing is restored';
  const database = await knownDatabase(context);
  const space = database === undefined ? undefined : await world.legacy.diskSpace(database, signal);
  return space ? { place, fileSystem: undefined, ...space, bytes } : `${place} does not say how much room it has`;
}

/** Its size in the backup: a server stores it compressed, with indexes beside it. */
async function restoredBytes({ world, subjectsOf, manifest }: StepContext): Promise<number> {
  const names = (['bring-in-database', 'restore-database', 'merge-collections'] as const).flatMap(subjectsOf);
  if (names.length === 0) return 0;
  const backup = await manifest();
  return world.settings.mongo.legacyDatabases
    .filter(({ name }) => names.includes(name))
    .flatMap((configured) => expectedOf(configured, backup).collections)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A database that is there and that the observer may ask about: of an absent one the server says nothing. */
async function knownDatabase({ world, signal }: StepContext): Promise<string | undefined> {
  const { mongo } = world.settings;
  const names = await world.legacy.databaseNames(signal);
  const readable = [
    mongo.leaseDatabase,
    ...mongo.legacyDatabases.map(({ name }) => name),
    ...(oneAddress(mongo) ? [mongo.unified.database] : []),
  ];
  return readable.find((name) => names.includes(name));
}
