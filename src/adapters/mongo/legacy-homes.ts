import { mergedHere } from './namesake.ts';
import type { LegacyDatabase, MongoConfig } from './schema.ts';
import { shownTo, type TenantNames } from './tenant-names.ts';

/** Where documents of one tenant lie in the legacy system. */
export interface LegacyHome {
  readonly database: string;
  /** Of the tenant alone. */
  readonly own: Record<string, unknown>;
  /** What the tenant may be shown: its own, and what belongs to nobody. */
  readonly shown: Record<string, unknown>;
}

type Settings = Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases'>;

/** A tenant's own database, and those that it shares, in which its documents carry its name. */
export const homeDatabases = ({ legacyDatabases }: Settings, tenant: string): LegacyDatabase[] =>
  legacyDatabases.filter((each) => each.tenant === tenant || each.tenantField !== undefined);

/** Whether a collection of a legacy database is the legacy system's: of one that is the unified one too, only the merged are. */
export const isLegacy = (settings: Settings, database: string, collection: string): boolean =>
  mergedHere(settings, database)?.includes(collection) ?? true;

/** For the documents of one collection. */
export function legacyHomes(
  settings: Settings,
  names: TenantNames,
  { tenant, collection }: { readonly tenant: string; readonly collection: string },
): LegacyHome[] {
  const homes = homeDatabases(settings, tenant).filter(({ name }) => isLegacy(settings, name, collection));
  return homes.map(({ name, tenantField }) => {
    if (tenantField === undefined) return { database: name, own: {}, shown: {} };
    return {
      database: name,
      own: { [tenantField]: { $in: names.valuesOf(tenant) } },
      shown: { [tenantField]: shownTo(names, tenant) },
    };
  });
}
