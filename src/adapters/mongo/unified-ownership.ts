import type { MongoReader } from './contract.ts';
import { idValues } from './document-id.ts';
import { createOwnership, type DocumentOwnership, type OwnedRow, type OwnedRows } from './ownership.ts';
import type { MongoConfig } from './schema.ts';

type Reader = Pick<MongoReader, 'find'>;
type Settings = Pick<MongoConfig, 'unified' | 'tenants' | 'tenantField'>;

export interface UnifiedTenant {
  readonly slug: string;
  /** As text. */
  readonly tenantId: string;
  readonly legacyDatabase: string | undefined;
  /** Only what says `false` is inactive. */
  readonly active: boolean;
}

const MOST_TENANTS = 10_000;

/** The tenants as the unified database lists them. */
export async function tenantsFromUnified(
  reader: Reader,
  { unified, tenants }: Settings,
  signal: AbortSignal,
): Promise<UnifiedTenant[]> {
  const { collection, slugField, legacyDatabaseField, activeField } = tenants;
  const fields = ['_id', slugField, legacyDatabaseField, activeField];
  const namespace = { database: unified.database, collection };
  const found = await reader.find(namespace, {}, { fields, limit: MOST_TENANTS }, signal);
  return found.flatMap((row): UnifiedTenant[] => {
    const slug = textOf(row[slugField]);
    if (slug === undefined) return [];
    const legacyDatabase = textOf(row[legacyDatabaseField]);
    return [{ slug, tenantId: String(row._id), legacyDatabase, active: row[activeField] !== false }];
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** By the tenant that is stored with each document. One without a tenant is everyone's. */
export function createUnifiedOwnership(reader: Reader, settings: Settings): DocumentOwnership {
  return createOwnership(unifiedRows(reader, settings));
}

function unifiedRows(reader: Reader, settings: Settings): OwnedRows {
  const { unified, tenantField } = settings;
  const find: OwnedRows['find'] = async ({ collection, filter, fields, limit }, signal) => {
    const namespace = { database: unified.database, collection };
    const options = { fields: [...new Set([...fields, tenantField])], limit };
    const [tenants, rows] = await Promise.all([
      tenantsFromUnified(reader, settings, signal),
      reader.find(namespace, filter, options, signal),
    ]);
    const slugs = new Map(tenants.map(({ slug, tenantId }) => [tenantId, slug]));
    return rows.flatMap((row): OwnedRow[] => {
      const stored = row[tenantField] ?? undefined;
      const owner = stored === undefined ? undefined : slugs.get(String(stored));
      return stored !== undefined && owner === undefined ? [] : [{ row, owner }];
    });
  };
  return {
    find,
    async findOfOthers(tenant, question, signal) {
      const tenants = await tenantsFromUnified(reader, settings, signal);
      const others = tenants.filter(({ slug }) => slug !== tenant).flatMap(({ tenantId }) => idValues(tenantId));
      return find({ ...question, filter: { [tenantField]: { $in: others } } }, signal);
    },
  };
}
