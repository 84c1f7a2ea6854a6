import type { CollectionState } from '../adapters/mongo/contract.ts';
import { mergedHere } from '../adapters/mongo/namesake.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import { type Comparison, compareState, type MissingIndex } from '../backup/compare-state.ts';
import { deletesDocuments, type Expired } from '../backup/expiry.ts';
import { inWords, isRequired, missingIndexes, missingRequired } from '../backup/missing-indexes.ts';
import { indexesOf, refusedIndexes, refusedRemedy } from '../backup/refused-indexes.ts';
import { restoredPart } from '../backup/restored-part.ts';
import { strangeIndexes } from '../backup/strange-indexes.ts';
import type { BackupManifest, DatabaseManifest } from '../model/backup.ts';
import { StepFailed } from './contract.ts';
import { type InUnified, whatGivesWay } from './in-unified.ts';
import type { World } from './world.ts';

/** How one legacy database stands to its backup. Missing indexes are mended, not restored. */
export interface LegacyState {
  readonly database: string;
  readonly policy: LegacyDatabase['policy'];
  readonly onDifferent: LegacyDatabase['onDifferent'];
  readonly state: 'equal' | 'absent' | 'different';
  readonly differences: readonly string[];
  readonly extraCollections: readonly string[];
  /** What the server has deleted of it by itself: no difference. */
  readonly expired: readonly Expired[];
  /** Of the backup and of `requiredIndexes`; none where a restore builds them all. */
  readonly missingIndexes: readonly MissingIndex[];
  readonly documents: number;
  readonly bytes: number;
  /** Only where the legacy main database is the unified one. */
  readonly inUnified?: InUnified;
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
  { legacy, settings }: Pick<World, 'legacy' | 'settings'>,
  configured: LegacyDatabase,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<LegacyState> {
  const expected = expectedOf(configured, manifest);
  const merged = mergedHere(settings.mongo, configured.name);
  const actual = await legacy.databaseState(configured.name, signal, merged);
  expectNoTimeSeries(expected, await legacy.timeSeries(configured.name, signal));
  const comparison = merged ? compareMerged(configured, expected, actual) : compareState(expected, actual);
  const { verdict, differences, needsRestore, extraCollections, expired } = comparison;
  const missing = missingIndexes(configured, expected, needsRestore ? expected.collections : actual);
  expectBuildable(expected.database, needsRestore ? [...indexesOf(expected), ...missing] : missing);
  return {
    database: configured.name,
    policy: configured.policy,
    onDifferent: configured.onDifferent,
    state: verdict === 'absent' ? 'absent' : needsRestore ? 'different' : 'equal',
    differences,
    extraCollections,
    expired,
    missingIndexes: needsRestore ? [] : missing,
    documents: expected.collections.reduce((sum, { documents }) => sum + documents, 0),
    bytes: expected.collections.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(merged && { inUnified: whatGivesWay(expected, actual, await legacy.documentCounts(configured.name, signal)) }),
  };
}

/**
 * Stricter than with a database that is the legacy system's alone: what differs in an index only is replaced as well, and an
 * index that only the server has is the unified system's, and may refuse what the legacy one writes. Absent it never is: then
 * nothing of it could be kept.
 */
function compareMerged(
  configured: LegacyDatabase,
  expected: DatabaseManifest,
  actual: readonly CollectionState[],
): Comparison {
  const compared = compareState(expected, actual);
  const required = isRequired(configured);
  const lacking = missingRequired(configured, [...expected.collections, ...actual]);
  const differences = [
    ...compared.differences,
    ...lacking.map((one) => `it lacks the index ${inWords(one)}`),
    ...strangeIndexes(expected, actual, (collection, index) => required(collection, index) || deletesDocuments(index)),
  ];
  const isDifferent = differences.length > 0;
  return { ...compared, differences, verdict: isDifferent ? 'different' : 'equal', needsRestore: isDifferent };
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
export function expectNoTimeSeries({ database, collections }: DatabaseManifest, timeSeries: readonly string[]): void {
  const inTheWay = timeSeries.filter((name) => collections.some(({ collection }) => collection === name));
  if (inTheWay.length === 0) return;
  const what = `${inTheWay.join(', ')} of ${database} would be dropped, and cannot be kept: on the server it is a time series`;
  throw new StepFailed('refused', what, { remedy: 'keep it elsewhere, and drop it or give it another name' });
}
