import type { Clock } from '../../core/clock.ts';
import type { MongoReader } from './contract.ts';
import { keptFor } from './kept-for.ts';
import { legacyTenantNames } from './legacy-tenants.ts';
import { ownedRows } from './owned-rows.ts';
import { createOwnership, type DocumentOwnership, listKeptFor } from './ownership.ts';
import type { MongoConfig } from './schema.ts';

/** By the legacy databases, as they are configured. */
export function createLegacyOwnership(
  reader: Pick<MongoReader, 'find'>,
  settings: Pick<MongoConfig, 'legacyDatabases' | 'legacyTenants'>,
  clock: Clock,
): DocumentOwnership {
  const names = keptFor(listKeptFor, clock, (signal) => legacyTenantNames(reader, settings, signal));
  return createOwnership(ownedRows(reader, settings.legacyDatabases, names));
}
