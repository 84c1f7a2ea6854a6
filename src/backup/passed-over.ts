import { join } from 'node:path';
import { passedOver } from '../adapters/mongo/dump-files.ts';
import type { BackupManifest } from '../model/backup.ts';

const NAMED = 5;

/** What lies among the files of a dump without being part of it, in a line for each database: it is neither compared nor restored. */
export async function passedOverIn({ root, databases }: BackupManifest): Promise<string[]> {
  const lines = databases.map(async ({ database, location }) => {
    const names = await passedOver(join(root, location));
    if (names.length === 0) return [];
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return [`${database}: passed over ${names.slice(0, NAMED).join(', ')}${more}: no collections`];
  });
  return (await Promise.all(lines)).flat();
}
