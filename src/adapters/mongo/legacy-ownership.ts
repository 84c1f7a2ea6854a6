import type { Clock } from '../../core/clock.ts';
import type { MongoReader } from './contract.ts';
import { keptFor } from './kept-for.ts';
import { legacyTenantNames } from './legacy-tenants.ts';
import { mergedHere } from './namesake.ts';
import { ownedRows } from './owned-rows.ts';
import { createOwnership, type DocumentOwnership, listKeptFor } from './ownership.ts';
import type { MongoConfig } from './schema.ts';

/** By the legacy databases; but not by what the unified system has left in one that is the legacy main one as well. */
export function createLegacyOwnership(
  reader: Pick<MongoReader, 'find'>,
  settings: Pick<MongoConfig, 'unified' | 'legacy' | 'legacyDatabases' | 'legacyTenants'>,
  clock: Clock,
): DocumentOwnership {
  const names = keptFor(listKeptFor, clock, (signal) => legacyTenantNames(reader, settings, signal));
  const databases = settings.legacyDatabases.map((each) => ({ ...each, only: mergedHere(settings, each.name) }));
  return createOwnership(ownedRows(reader, databases, names));
}
