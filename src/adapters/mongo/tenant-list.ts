import type { MongoReader } from './contract.ts';

/** A collection with one document for each tenant, and what its fields are called. */
export interface TenantList {
  readonly database: string;
  readonly collection: string;
  readonly slugField: string;
  readonly activeField: string;
  readonly legacyDatabaseField?: string;
}

export interface ListedTenant {
  readonly slug: string;
  /** As text. */
  readonly tenantId: string;
  readonly legacyDatabase: string | undefined;
  /** Only what says `false` is inactive. */
  readonly active: boolean;
}

const MOST_TENANTS = 10_000;

/** Entries without a slug are no tenants. */
export async function readTenantList(
  reader: Pick<MongoReader, 'find'>,
  { database, collection, slugField, activeField, legacyDatabaseField }: TenantList,
  signal: AbortSignal,
): Promise<ListedTenant[]> {
  const fields = ['_id', slugField, activeField, ...(legacyDatabaseField === undefined ? [] : [legacyDatabaseField])];
  const found = await reader.find({ database, collection }, {}, { fields, limit: MOST_TENANTS }, signal);
  return found.flatMap((row): ListedTenant[] => {
    const slug = textOf(row[slugField]);
    if (slug === undefined) return [];
    const legacyDatabase = legacyDatabaseField === undefined ? undefined : textOf(row[legacyDatabaseField]);
    return [{ slug, tenantId: String(row._id), legacyDatabase, active: row[activeField] !== false }];
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
