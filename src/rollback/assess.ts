import { type Assessment, StepFailed } from '../actions/contract.ts';
import { expectedOf, readLegacyState } from '../actions/legacy-state.ts';
import { proveNamesakesServer } from '../actions/namesakes-server.ts';
import { whyNothingToKeep } from '../actions/restore/unified-database.ts';
import { refuseUnlistedTenants } from '../actions/unlisted-tenants.ts';
import type { World } from '../actions/world.ts';
import { namesakeHere } from '../adapters/mongo/namesake.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import type { Reading } from '../backup/read-files.ts';
import { refusedRequirements, requirementsRemedy } from '../backup/refused-requirements.ts';
import type { BackupManifest } from '../model/backup.ts';

/** Everything a plan rests on, read from the target; changes nothing. Errors: those of the backup, the code and MongoDB. */
export async function assess(world: World, signal: AbortSignal, reading: Reading = 'changed'): Promise<Assessment> {
  const manifest = await world.scanBackup(signal, reading);
  const { unified, legacyDatabases } = world.settings.mongo;
  const legacyStates = [];
  for (const database of legacyDatabases.filter(({ policy }) => policy !== 'leave')) {
    await proveNamesakesServer(world, database.name, signal);
    const state = await readLegacyState(world, database, manifest, signal);
    if (state.state !== 'equal') await expectRequirementsMet(world, database, manifest, signal);
    legacyStates.push(state);
  }
  await refuseUnlistedTenants(world, manifest, signal);
  const unifiedNotKept = await whyNothingToKeep(world, signal);
  if (unifiedNotKept !== undefined) refuseToMergeUnkept(world, unifiedNotKept);
  const isKept = unifiedNotKept === undefined;
  const unifiedTimeSeries = isKept ? await world.unified.timeSeries(unified.database, signal) : [];
  return {
    manifest,
    legacyCommit: await world.code.legacyCommit(signal),
    unifiedBytes: isKept ? await world.unified.dataSize(unified.database, signal) : 0,
    ...(!isKept && { unifiedNotKept }),
    ...(unifiedTimeSeries.length > 0 && { unifiedTimeSeries }),
    legacyStates,
  };
}

/** Where a database stays as it is, its indexes are built before the stop: there the server says it in time. */
async function expectRequirementsMet(
  { whyNotUnique }: World,
  configured: LegacyDatabase,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  const broken = await refusedRequirements(
    configured,
    manifest,
    expectedOf(configured, manifest),
    whyNotUnique,
    signal,
  );
  if (broken.length === 0) return;
  throw new StepFailed(
    'refused',
    `${configured.name} could not be restored: its backup does not allow ${broken.join('; ')}`,
    { remedy: requirementsRemedy },
  );
}

/** What of the unified database gives way is kept by its snapshot, and by nothing else. */
function refuseToMergeUnkept({ settings }: World, why: string): void {
  const here = namesakeHere(settings.mongo);
  if (!here) return;
  throw new StepFailed(
    'refused',
    `${here.collections.join(', ')} of the unified database ${here.name} would be replaced, and nothing of it could be kept first: ${why}`,
    { remedy: `see what became of ${here.name}; a rollback without its snapshot is a person's work, by hand` },
  );
}
