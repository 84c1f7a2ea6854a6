import type { MongoReader } from './contract.ts';
import { sharedCollections } from './namesake.ts';
import { createOwnership, type DocumentOwnership, type OwnedRow, type OwnedRows } from './ownership.ts';
import type { LegacyDatabase, MongoConfig } from './schema.ts';

type Reader = Pick<MongoReader, 'find'>;

type Settings = Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases'>;

/**
 * By the legacy database in which a document lies. What lies in one without a tenant is everyone's; but not what the unified
 * system has left in a database that is the legacy main one as well.
 */
export function createLegacyOwnership(reader: Reader, settings: Settings): DocumentOwnership {
  return createOwnership(legacyRows(reader, settings));
}

function legacyRows(reader: Reader, settings: Settings): OwnedRows {
  const { legacyDatabases: databases } = settings;
  const isUnifieds = (database: string, collection: string) =>
    sharedCollections(settings, database)?.includes(collection) === false;
  /** One database after the other: the reader has few connections, and others need them too. */
  const findIn = async (
    among: readonly LegacyDatabase[],
    { collection, filter, fields, limit }: Parameters<OwnedRows['find']>[0],
    signal: AbortSignal,
  ): Promise<OwnedRow[]> => {
    const found: OwnedRow[] = [];
    for (const { name, tenant } of among) {
      const left = limit - found.length;
      if (left <= 0) break;
      if (isUnifieds(name, collection)) continue;
      const rows = await reader.find({ database: name, collection }, filter, { fields, limit: left }, signal);
      found.push(...rows.map((row) => ({ row, owner: tenant })));
    }
    return found;
  };
  return {
    find: (question, signal) => findIn(databases, question, signal),
    findOfOthers: (tenant, question, signal) =>
      findIn(
        databases.filter((database) => database.tenant !== undefined && database.tenant !== tenant),
        { ...question, filter: {} },
        signal,
      ),
  };
}
