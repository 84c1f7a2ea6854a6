import type { MongoReader } from './contract.ts';
import { idValues } from './document-id.ts';
import type { MongoConfig } from './schema.ts';

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

/** By what names the documents of shared legacy databases know their tenants. */
export interface TenantNames {
  /** Undefined: of nobody who is known. */
  slugOf(stored: unknown): string | undefined;
  /** All that may stand for the tenant. */
  valuesOf(slug: string): unknown[];
  /** What a query asks of the field for documents of other tenants. */
  ofOthers(slug: string): Record<string, unknown>;
}

/** A tenant is named by its `_id` in the legacy list or by its slug; without a list by its slug alone. */
export async function tenantNames(reader: Reader, settings: Settings, signal: AbortSignal): Promise<TenantNames> {
  if (!settings.legacyTenants)
    return { slugOf: String, valuesOf: (slug) => [slug], ofOthers: (slug) => ({ $nin: [slug, null] }) };
  const tenants = await tenantsFromLegacy(reader, settings, signal);
  const slugs = new Map(tenants.flatMap(({ slug, tenantId }) => [[tenantId, slug] as const, [slug, slug] as const]));
  const valuesWhere = (wanted: (tenant: LegacyTenant) => boolean) =>
    tenants.filter(wanted).flatMap(({ slug, tenantId }) => [slug, ...idValues(tenantId)]);
  return {
    slugOf: (stored) => slugs.get(String(stored)),
    valuesOf: (wanted) => valuesWhere(({ slug }) => slug === wanted),
    ofOthers: (asker) => ({ $in: valuesWhere(({ slug }) => slug !== asker) }),
  };
}
