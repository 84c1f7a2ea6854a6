import { z } from 'zod';

export const indexDefinition = z.strictObject({
  name: z.string(),
  /** Key pattern in order, as [field, direction or kind] pairs. */
  key: z.array(z.tuple([z.string(), z.union([z.number(), z.string()])])),
  options: z.record(z.string(), z.unknown()),
});
export type IndexDefinition = z.infer<typeof indexDefinition>;

/** One collection as the dump holds it. */
export const collectionManifest = z.strictObject({
  collection: z.string(),
  documents: z.number().int(),
  bytes: z.number().int(),
  /** Order-free digest: sum of the SHA-256 of each raw BSON document, modulo 2^256, as hex. */
  digest: z.string(),
  indexes: z.array(indexDefinition),
  /** As a server keeps them; absent where there are none. A view has nothing but these. */
  options: z.record(z.string(), z.unknown()).optional(),
  /** SHA-256 of the file's bytes as they lie on the disk. */
  fileHash: z.string(),
});
export type CollectionManifest = z.infer<typeof collectionManifest>;

export const databaseManifest = z.strictObject({
  database: z.string(),
  /** Folder or archive it lies in, relative to the backup's root. */
  location: z.string(),
  collections: z.array(collectionManifest),
});
export type DatabaseManifest = z.infer<typeof databaseManifest>;

/** What a backup holds, learnt offline. Its hash is what `arm` pins. */
export const backupManifest = z.strictObject({
  path: z.string(),
  /** Folder that mongorestore is given as the dump's root. */
  root: z.string(),
  gzip: z.boolean(),
  /** Newest modification time of its files, epoch ms: must lie before cut-over. */
  takenAt: z.number().int(),
  databases: z.array(databaseManifest),
  hash: z.string(),
});
export type BackupManifest = z.infer<typeof backupManifest>;

export type Totals = Pick<CollectionManifest, 'documents' | 'bytes' | 'digest'>;
