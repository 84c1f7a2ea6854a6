import type { MongoReader } from './contract.ts';
import { tenantNames } from './legacy-tenants.ts';
import { createOwnership, type DocumentOwnership, type OwnedRow, type OwnedRows } from './ownership.ts';
import type { LegacyDatabase, MongoConfig } from './schema.ts';

type Reader = Pick<MongoReader, 'find'>;
type Settings = Pick<MongoConfig, 'legacyDatabases' | 'legacyTenants'>;
type Question = Parameters<OwnedRows['find']>[0];

/** A document is the tenant's in whose database it lies, or whom it names in a shared one. Any other is everyone's. */
export function createLegacyOwnership(reader: Reader, settings: Settings): DocumentOwnership {
  return createOwnership(legacyRows(reader, settings));
}

function legacyRows(reader: Reader, settings: Settings): OwnedRows {
  const findIn = async (
    { name, tenant, tenantField }: LegacyDatabase,
    { collection, filter, fields, limit }: Question,
    signal: AbortSignal,
  ): Promise<OwnedRow[]> => {
    const namespace = { database: name, collection };
    const withOwner = tenantField === undefined ? fields : [...new Set([...fields, tenantField])];
    const rows = await reader.find(namespace, filter, { fields: withOwner, limit }, signal);
    if (tenantField === undefined) return rows.map((row) => ({ row, owner: tenant }));
    const { slugOf } = await tenantNames(reader, settings, signal);
    return rows.flatMap((row): OwnedRow[] => {
      const stored = row[tenantField] ?? undefined;
      const owner = stored === undefined ? undefined : slugOf(stored);
      return stored !== undefined && owner === undefined ? [] : [{ row, owner }];
    });
  };

  /** One database after the other: the reader has few connections, and others need them too. */
  const findAmong = async (
    asked: readonly { readonly database: LegacyDatabase; readonly filter: Question['filter'] }[],
    question: Omit<Question, 'filter'>,
    signal: AbortSignal,
  ): Promise<OwnedRow[]> => {
    const found: OwnedRow[] = [];
    for (const { database, filter } of asked) {
      const left = question.limit - found.length;
      if (left <= 0) break;
      found.push(...(await findIn(database, { ...question, filter, limit: left }, signal)));
    }
    return found;
  };

  return {
    find: (question, signal) =>
      findAmong(
        settings.legacyDatabases.map((database) => ({ database, filter: question.filter })),
        question,
        signal,
      ),
    async findOfOthers(tenant, question, signal) {
      const { ofOthers } = await tenantNames(reader, settings, signal);
      const asked = settings.legacyDatabases.flatMap((database) => {
        if (database.tenantField !== undefined)
          return [{ database, filter: { [database.tenantField]: ofOthers(tenant) } }];
        return database.tenant === undefined || database.tenant === tenant ? [] : [{ database, filter: {} }];
      });
      return findAmong(asked, question, signal);
    },
  };
}
