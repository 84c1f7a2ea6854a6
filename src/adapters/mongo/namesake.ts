import type { LegacyDatabase, MongoConfig } from './schema.ts';
import { isOneServer, oneAddress } from './servers.ts';

type Configured = Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases'>;

/** A legacy database of which a rollback replaces the named collections only. */
export interface MergedDatabase extends LegacyDatabase {
  readonly collections: string[];
}

/** The legacy main database where it has the unified one's name, on a server that is configured as another one. */
export const namesakeElsewhere = (config: Configured): MergedDatabase | undefined =>
  oneAddress(config) ? undefined : mergedNamesake(config);

/**
 * The legacy main database where it *is* the unified database: the migration wrote into the database that held the legacy
 * main one. Its named collections hold the unified system's documents until a rollback puts the legacy ones back.
 */
export const namesakeHere = (config: Configured): MergedDatabase | undefined =>
  isOneServer(config) ? mergedNamesake(config) : undefined;

/** The named collections of a database that is the unified one as well; undefined for any other, which is read whole. */
export const mergedHere = (config: Configured, database: string): readonly string[] | undefined => {
  const here = namesakeHere(config);
  return here?.name === database ? here.collections : undefined;
};

function mergedNamesake({ unified, legacyDatabases }: Configured): MergedDatabase | undefined {
  const found = legacyDatabases.find(({ name, policy }) => name === unified.database && policy === 'merge');
  return found?.collections && { ...found, collections: found.collections };
}
