import type { DatabaseManifest } from '../model/backup.ts';
import { BackupError } from './backup-error.ts';

/**
 * What of a database's dump is put back: all of it, or the collections that are named. A name that the dump does not hold would
 * restore nothing, and nothing would look as it should.
 */
export function restoredPart(manifest: DatabaseManifest, named: readonly string[] | undefined): DatabaseManifest {
  if (!named) return manifest;
  const { database, collections } = manifest;
  const absent = named.filter((name) => !collections.some(({ collection }) => collection === name));
  if (absent.length > 0) {
    const held = collections.map(({ collection }) => collection).join(', ') || 'no collection';
    throw new BackupError(
      'collection-absent',
      `the backup of ${database} lacks ${absent.join(', ')}, to be merged; it holds ${held}`,
      { remedy: 'correct the names under mongo.legacyDatabases' },
    );
  }
  return { ...manifest, collections: collections.filter(({ collection }) => named.includes(collection)) };
}
