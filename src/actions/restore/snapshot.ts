import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DumpSource, MongoReader } from '../../adapters/mongo/contract.ts';
import { BackupError } from '../../backup/backup-error.ts';
import { compareState } from '../../backup/compare-state.ts';
import { expiredSince } from '../../backup/expiry.ts';
import { scanBackup } from '../../backup/scan.ts';
import { gib } from '../../core/bytes.ts';
import { pathExists } from '../../core/path-exists.ts';
import type { DatabaseManifest } from '../../model/backup.ts';
import type { Evidence } from '../../model/event.ts';
import { type StepContext, StepFailed } from '../contract.ts';

/**
 * A dump of one database beside the run's other evidence, proven to hold exactly what the server holds: all but time series, which
 * the dumper may not read, and which no restore touches. What has expired since is in the dump alone.
 */
export interface Snapshot {
  readonly source: DumpSource;
  readonly folder: string;
  readonly reader: MongoReader;
}

/** Customer data: readable by the daemon's user alone. */
export async function takeSnapshot(snapshot: Snapshot, context: StepContext): Promise<void> {
  const { source, folder, reader } = snapshot;
  const { world, signal } = context;
  await expectRoom(snapshot, context);
  const without = await reader.timeSeries(source.database, signal);
  await world.tools.dump(without.length > 0 ? { ...source, without } : source, folder, signal);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o600);
  }
}

/** The room that was found at the beginning was for one snapshot of each: earlier ones are kept. */
async function expectRoom(
  { source: { database }, reader }: Snapshot,
  { world, evidenceFolder, signal }: StepContext,
): Promise<void> {
  const { free } = await world.host.space(evidenceFolder);
  const wanted = (await reader.dataSize(database, signal)) + world.settings.rollback.keepFree;
  if (free >= wanted) return;
  throw new StepFailed(
    'disk-too-small',
    `${database} must be kept, and ${evidenceFolder} has ${gib(free)} free instead of ${gib(wanted)}`,
    { remedy: 'free space, but delete no snapshot; then resume the run' },
  );
}

/** Only true while the database is fenced: a dump of a moving database never equals it. */
export async function proveSnapshot(snapshot: Snapshot, { signal }: StepContext): Promise<Evidence> {
  const { source, folder, reader } = snapshot;
  const { database } = source;
  const manifest = await readSnapshot(snapshot, signal);
  const { verdict, differences, extraCollections, expired } = compareState(
    manifest,
    await reader.databaseState(database, signal),
  );
  const faults = [...differences, ...extraCollections.map((name) => `${name} is not in the snapshot`)];
  if (verdict !== 'equal' || faults.length > 0) {
    throw new StepFailed(
      'data-differs',
      `the snapshot of ${database} is not what the server holds: ${faults.join('; ')}`,
      {
        remedy: 'see that nothing writes to the database, then resume the run',
      },
    );
  }
  const documents = manifest.collections.reduce((sum, each) => sum + each.documents, 0);
  const leftOut = await reader.timeSeries(database, signal);
  return {
    folder,
    documents,
    collections: manifest.collections.length,
    ...expiredSince('snapshot', expired),
    ...(leftOut.length > 0 && { timeSeriesLeftOut: leftOut.join(', ') }),
  };
}

/** What a crash left of a dump is no snapshot, but no fault of the run either: then it is taken anew. Errors: StepFailed `not-proven`. */
export async function readSnapshot({ source, folder }: Snapshot, signal: AbortSignal): Promise<DatabaseManifest> {
  const { database } = source;
  if (!(await pathExists(`${folder}/${database}`)))
    throw new StepFailed('not-proven', `no snapshot of ${database} at ${folder}`);
  const scanned = await scanBackup({ path: folder, root: folder }, [database], signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (!(cause instanceof BackupError)) throw cause;
    throw new StepFailed('not-proven', `the snapshot of ${database} is not whole: ${cause.message}`, { cause });
  });
  const [manifest] = scanned.databases;
  if (manifest) return manifest;
  throw new StepFailed('not-proven', `the snapshot at ${folder} does not hold ${database}`);
}
