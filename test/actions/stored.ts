import { join } from 'node:path';
import { BSON, type Document } from 'mongodb';
import type { CollectionState } from '../../src/adapters/mongo/contract.ts';
import { hashOf } from '../../src/core/digest.ts';
import { createDocumentDigest } from '../../src/core/document-digest.ts';
import type { BackupManifest, IndexDefinition } from '../../src/model/backup.ts';
import { writeCollection } from '../backup/dump-writer.ts';

export const idIndex: IndexDefinition = { name: '_id_', key: [['_id', 1]], options: {} };

/** A collection with real documents; another flavour means as many, but not the same ones. */
export interface StoredCollection extends CollectionState {
  readonly content: readonly Document[];
}

export function collection(name: string, count: number, flavour = 'good'): StoredCollection {
  const content = Array.from({ length: count }, (_, index) => ({ _id: `${name}-${index}`, flavour }));
  const digest = createDocumentDigest();
  for (const document of content) digest.add(BSON.serialize(document));
  return { collection: name, ...digest.totals(), indexes: [idIndex], content };
}

export function manifestOf(databases: Record<string, StoredCollection[]>): BackupManifest {
  const content = Object.entries(databases).map(([database, collections]) => ({
    database,
    location: database,
    collections: collections.map(({ content: _, ...one }) => ({ ...one, indexes: [...one.indexes], fileHash: 'file' })),
  }));
  return { path: '/backup', root: '/backup', gzip: false, takenAt: 1, databases: content, hash: hashOf(content) };
}

export const backedUp = (): Record<string, StoredCollection[]> => ({
  cafe_negoes: [collection('menus', 2), collection('orders', 5)],
  cafe_kopi: [collection('menus', 2)],
});

/** As mongodump writes it; the indexes are those of the server. */
export async function writeDump(
  into: string,
  database: string,
  collections: readonly StoredCollection[],
): Promise<void> {
  for (const { collection: name, content, indexes } of collections) {
    const dumped = indexes.map(({ key, options, ...rest }) => ({
      v: 2,
      key: Object.fromEntries(key),
      ...options,
      ...rest,
    }));
    await writeCollection(join(into, database), name, content, { indexes: dumped });
  }
}
