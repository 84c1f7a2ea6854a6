import type { MongoReader } from './contract.ts';
import { createOwnership, type DocumentOwnership, type OwnedRow, type OwnedRows } from './ownership.ts';
import type { LegacyDatabase, MongoConfig } from './schema.ts';

type Reader = Pick<MongoReader, 'find'>;

/** By the legacy database in which a document lies. What lies in one without a tenant is everyone's. */
export function createLegacyOwnership(
  reader: Reader,
  { legacyDatabases }: Pick<MongoConfig, 'legacyDatabases'>,
): DocumentOwnership {
  return createOwnership(legacyRows(reader, legacyDatabases));
}

function legacyRows(reader: Reader, databases: readonly LegacyDatabase[]): OwnedRows {
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
