import { homeDatabases } from '../adapters/mongo/legacy-homes.ts';
import { tenantsFromLegacy } from '../adapters/mongo/legacy-tenants.ts';
import { hasSameContent } from '../backup/same-collection.ts';
import type { BackupManifest } from '../model/backup.ts';
import { StepFailed } from './contract.ts';
import { servedTenants } from './served-tenants.ts';
import type { World } from './world.ts';

type Looking = Pick<World, 'settings' | 'legacy'>;

const remedy = 'write `legacyDatabase: none` for who joined after the cut-over, or correct mongo.legacyTenants';

/**
 * Tenants that are to be tested, have no database of their own, and are not in the legacy system's list: it would answer none of
 * their requests. Undefined where all are well, or the list itself is empty.
 */
export async function unlistedTenants({ settings, legacy }: Looking, signal: AbortSignal) {
  const { mongo, target } = settings;
  if (!mongo.legacyTenants) return undefined;
  const listed = (await tenantsFromLegacy(legacy, mongo, signal)).map(({ slug }) => slug);
  const hasOwn = (slug: string) => homeDatabases(mongo, slug).some(({ tenant }) => tenant === slug);
  const missing = servedTenants(target).filter(({ slug }) => !hasOwn(slug) && !listed.includes(slug));
  if (listed.length === 0 || missing.length === 0) return undefined;
  const { database, collection } = mongo.legacyTenants;
  return {
    what: `${database}.${collection} does not list ${missing.map(({ slug }) => slug).join(', ')}`,
    mend: remedy,
  };
}

/** Throws where the list will still lack them after a rollback: where that leaves it as it is. */
export async function refuseUnlistedTenants(
  world: Looking,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  const list = world.settings.mongo.legacyTenants;
  if (!list || !(await staysAsItIs(world, manifest, list, signal))) return;
  const found = await unlistedTenants(world, signal);
  if (found)
    throw new StepFailed('refused', `${found.what}: the legacy system would not serve them`, { remedy: found.mend });
}

async function staysAsItIs(
  { settings, legacy }: Looking,
  manifest: BackupManifest,
  { database, collection }: { readonly database: string; readonly collection: string },
  signal: AbortSignal,
): Promise<boolean> {
  const configured = settings.mongo.legacyDatabases.find(({ name }) => name === database);
  const restored = configured?.policy !== 'leave' && (configured?.collections?.includes(collection) ?? true);
  if (!restored) return true;
  const [now] = await legacy.databaseState(database, signal, [collection]);
  const inBackup = manifest.databases.find((each) => each.database === database)?.collections;
  const then = inBackup?.find((each) => each.collection === collection);
  return now !== undefined && then !== undefined && hasSameContent(now, then);
}
