import type { MongoReader } from './contract.ts';
import type { MongoConfig } from './schema.ts';
import { namedBySlug, namesOf, type TenantNames } from './tenant-names.ts';

type Reader = Pick<MongoReader, 'find'>;
type Settings = Pick<MongoConfig, 'legacyTenants'>;

const MOST_TENANTS = 10_000;

interface LegacyTenant {
  readonly slug: string;
  /** As text. */
  readonly tenantId: string;
  /** Only what says `false` is inactive. */
  readonly active: boolean;
}

/** The tenants as the legacy system lists them; none where it has no list. */
export async function tenantsFromLegacy(
  reader: Reader,
  { legacyTenants }: Settings,
  signal: AbortSignal,
): Promise<LegacyTenant[]> {
  if (!legacyTenants) return [];
  const { database, collection, slugField, activeField } = legacyTenants;
  const fields = ['_id', slugField, activeField];
  const found = await reader.find({ database, collection }, {}, { fields, limit: MOST_TENANTS }, signal);
  return found.flatMap((row): LegacyTenant[] => {
    const slug = row[slugField];
    if (typeof slug !== 'string') return [];
    return [{ slug, tenantId: String(row._id), active: row[activeField] !== false }];
  });
}

/** A tenant is named by its `_id` in the legacy list or by its slug; without a list by its slug alone. */
export async function legacyTenantNames(reader: Reader, settings: Settings, signal: AbortSignal): Promise<TenantNames> {
  if (!settings.legacyTenants) return namedBySlug;
  return namesOf(await tenantsFromLegacy(reader, settings, signal), { orSlug: true });
}
