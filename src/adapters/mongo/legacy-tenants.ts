import type { MongoReader } from './contract.ts';
import type { MongoConfig } from './schema.ts';
import { type ListedTenant, readTenantList } from './tenant-list.ts';
import { namedBySlug, namesOf, type TenantNames } from './tenant-names.ts';

type Reader = Pick<MongoReader, 'find'>;
type Settings = Pick<MongoConfig, 'legacyTenants'>;

/** The tenants as the legacy system lists them; none where it has no list. */
export const tenantsFromLegacy = async (
  reader: Reader,
  { legacyTenants }: Settings,
  signal: AbortSignal,
): Promise<ListedTenant[]> => (legacyTenants ? await readTenantList(reader, legacyTenants, signal) : []);

/** A tenant is named by its `_id` in the legacy list or by its slug; without a list by its slug alone. */
export async function legacyTenantNames(reader: Reader, settings: Settings, signal: AbortSignal): Promise<TenantNames> {
  if (!settings.legacyTenants) return namedBySlug;
  return namesOf(await tenantsFromLegacy(reader, settings, signal), { orSlug: true });
}
