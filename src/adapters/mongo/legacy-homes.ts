import type { LegacyDatabase, MongoConfig } from './schema.ts';
import type { TenantNames } from './tenant-names.ts';

/** Where documents of one tenant lie in the legacy system. */
export interface LegacyHome {
  readonly database: string;
  /** Of the tenant alone. */
  readonly own: Record<string, unknown>;
  /** What the tenant may be shown: its own, and what belongs to nobody. */
  readonly shown: Record<string, unknown>;
}

type Settings = Pick<MongoConfig, 'legacyDatabases'>;

/** A tenant's own database, and those that it shares, in which its documents carry its name. */
export const homeDatabases = ({ legacyDatabases }: Settings, tenant: string): LegacyDatabase[] =>
  legacyDatabases.filter((each) => each.tenant === tenant || each.tenantField !== undefined);

export function legacyHomes(settings: Settings, names: TenantNames, tenant: string): LegacyHome[] {
  return homeDatabases(settings, tenant).map(({ name, tenantField }) => {
    if (tenantField === undefined) return { database: name, own: {}, shown: {} };
    const values = names.valuesOf(tenant);
    // To MongoDB, null is what is missing, too.
    return {
      database: name,
      own: { [tenantField]: { $in: values } },
      shown: { [tenantField]: { $in: [...values, null] } },
    };
  });
}
