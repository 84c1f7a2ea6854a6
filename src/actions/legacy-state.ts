import type { MongoReader } from '../adapters/mongo/contract.ts';
import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import { compareState } from '../backup/compare-state.ts';
import type { BackupManifest, DatabaseManifest } from '../model/backup.ts';
import { StepFailed } from './contract.ts';

/** How the documents of one legacy database stand to its backup. Missing indexes are mended, not restored. */
export interface LegacyState {
  readonly database: string;
  readonly policy: LegacyDatabase['policy'];
  readonly onDifferent: LegacyDatabase['onDifferent'];
  readonly state: 'equal' | 'absent' | 'different';
  readonly differences: readonly string[];
  readonly extraCollections: readonly string[];
  readonly documents: number;
  readonly bytes: number;
}

export function manifestOf(manifest: BackupManifest, database: string): DatabaseManifest {
  const found = manifest.databases.find((each) => each.database === database);
  if (found) return found;
  throw new StepFailed('backup-changed', `the backup at ${manifest.path} does not hold ${database}`, {
    remedy: 'correct mongo.legacyDatabases or backup.path',
  });
}

/** Reads the database whole (every document is hashed) and compares it with what the backup holds. */
export async function readLegacyState(
  legacy: MongoReader,
  configured: LegacyDatabase,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<LegacyState> {
  const expected = within(configured, manifestOf(manifest, configured.name));
  const actual = await legacy.databaseState(configured.name, signal);
  const { verdict, differences, documentsDiffer, extraCollections } = compareState(expected, actual);
  return {
    database: configured.name,
    policy: configured.policy,
    onDifferent: configured.onDifferent,
    state: verdict === 'absent' ? 'absent' : documentsDiffer ? 'different' : 'equal',
    differences,
    extraCollections,
    documents: expected.collections.reduce((sum, { documents }) => sum + documents, 0),
    bytes: expected.collections.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** With policy merge only the collections that the configuration names are ours. */
export function within({ collections }: LegacyDatabase, manifest: DatabaseManifest): DatabaseManifest {
  if (!collections) return manifest;
  return {
    ...manifest,
    collections: manifest.collections.filter(({ collection }) => collections.includes(collection)),
  };
}
