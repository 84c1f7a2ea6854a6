import type { Clock } from '../../core/clock.ts';
import type { MongoReader } from './contract.ts';
import { keptFor } from './kept-for.ts';
import { ownedRows } from './owned-rows.ts';
import { createOwnership, type DocumentOwnership, listKeptFor } from './ownership.ts';
import type { MongoConfig } from './schema.ts';
import { namesOf } from './tenant-names.ts';

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
export function createUnifiedOwnership(reader: Reader, settings: Settings, clock: Clock): DocumentOwnership {
  const { unified, tenantField } = settings;
  const names = keptFor(listKeptFor, clock, async (signal) =>
    namesOf(await tenantsFromUnified(reader, settings, signal), { orSlug: false }),
  );
  return createOwnership(ownedRows(reader, [{ name: unified.database, tenantField }], names));
}
