import type { MongoReader } from '../adapters/mongo/contract.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import { compareState, type MissingIndex } from '../backup/compare-state.ts';
import { indexesOf, refusedIndexes, refusedRemedy } from '../backup/refused-indexes.ts';
import { restoredPart } from '../backup/restored-part.ts';
import type { BackupManifest, DatabaseManifest } from '../model/backup.ts';
import { StepFailed } from './contract.ts';
import { missingIndexes } from './restore/missing-indexes.ts';

/** How one legacy database stands to its backup. Missing indexes are mended, not restored. */
export interface LegacyState {
  readonly database: string;
  readonly policy: LegacyDatabase['policy'];
  readonly onDifferent: LegacyDatabase['onDifferent'];
  readonly state: 'equal' | 'absent' | 'different';
  readonly differences: readonly string[];
  readonly extraCollections: readonly string[];
  /** Of the backup and of `requiredIndexes`; none where a restore builds them all. */
  readonly missingIndexes: readonly MissingIndex[];
  readonly documents: number;
  readonly bytes: number;
}

/** All that the backup holds of a database. */
export function manifestOf(manifest: BackupManifest, database: string): DatabaseManifest {
  const found = manifest.databases.find((each) => each.database === database);
  if (found) return found;
  throw new StepFailed('backup-changed', `the backup at ${manifest.path} does not hold ${database}`, {
    remedy: 'correct mongo.legacyDatabases or backup.path',
  });
}

/** What the backup holds of it that is to be put back. */
export const expectedOf = ({ name, collections }: LegacyDatabase, manifest: BackupManifest): DatabaseManifest =>
  restoredPart(manifestOf(manifest, name), collections);

/** Reads the database whole (every document is hashed) and compares it with what the backup holds. */
export async function readLegacyState(
  legacy: MongoReader,
  configured: LegacyDatabase,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<LegacyState> {
  const expected = expectedOf(configured, manifest);
  const actual = await legacy.databaseState(configured.name, signal);
  expectNoTimeSeries(expected, await legacy.timeSeries(configured.name, signal));
  const { verdict, differences, needsRestore, extraCollections } = compareState(expected, actual);
  const missing = missingIndexes(configured, expected, needsRestore ? expected.collections : actual);
  expectBuildable(expected.database, needsRestore ? [...indexesOf(expected), ...missing] : missing);
  return {
    database: configured.name,
    policy: configured.policy,
    onDifferent: configured.onDifferent,
    state: verdict === 'absent' ? 'absent' : needsRestore ? 'different' : 'equal',
    differences,
    extraCollections,
    missingIndexes: needsRestore ? [] : missing,
    documents: expected.collections.reduce((sum, { documents }) => sum + documents, 0),
    bytes: expected.collections.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Only what would have to be built: what an old server has kept may stay. */
function expectBuildable(database: string, toBuild: readonly MissingIndex[]): void {
  const refused = refusedIndexes(toBuild);
  if (refused.length === 0) return;
  throw new StepFailed('refused', `${database} could not be restored: MongoDB refuses ${refused.join('; ')}`, {
    remedy: `${refusedRemedy}; or under requiredIndexes`,
  });
}

/** A restore would drop it, and no snapshot keeps it. */
function expectNoTimeSeries({ database, collections }: DatabaseManifest, timeSeries: readonly string[]): void {
  const inTheWay = timeSeries.filter((name) => collections.some(({ collection }) => collection === name));
  if (inTheWay.length === 0) return;
  const what = `${inTheWay.join(', ')} of ${database} would be dropped, and cannot be kept: on the server it is a time series`;
  throw new StepFailed('refused', what, { remedy: 'keep it elsewhere, and drop it or give it another name' });
}
