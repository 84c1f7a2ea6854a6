import type { Clock } from '../../core/clock.ts';
import type { MongoReader } from './contract.ts';
import { keptFor } from './kept-for.ts';
import { ownedRows } from './owned-rows.ts';
import { createOwnership, type DocumentOwnership, listKeptFor } from './ownership.ts';
import type { MongoConfig } from './schema.ts';
import { type ListedTenant, readTenantList } from './tenant-list.ts';
import { namesOf } from './tenant-names.ts';

type Reader = Pick<MongoReader, 'find'>;
type Settings = Pick<MongoConfig, 'unified' | 'tenants' | 'tenantField'>;

/** The tenants as the unified database lists them. */
export const tenantsFromUnified = (
  reader: Reader,
  { unified, tenants }: Settings,
  signal: AbortSignal,
): Promise<ListedTenant[]> => readTenantList(reader, { database: unified.database, ...tenants }, signal);

/** By the tenant that is stored with each document. One without a tenant is everyone's. */
export function createUnifiedOwnership(reader: Reader, settings: Settings, clock: Clock): DocumentOwnership {
  const { unified, tenantField } = settings;
  const names = keptFor(listKeptFor, clock, async (signal) =>
    namesOf(await tenantsFromUnified(reader, settings, signal), { orSlug: false }),
  );
  return createOwnership(ownedRows(reader, [{ name: unified.database, tenantField }], names));
}
