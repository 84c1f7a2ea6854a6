import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BSON, type Document } from 'mongodb';

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'rollbackd-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export const idIndex = { v: { $numberInt: '2' }, key: { _id: { $numberInt: '1' } }, name: '_id_' };

export interface DumpOptions {
  readonly gzip?: boolean;
  readonly indexes?: readonly Document[];
  readonly options?: Document;
}

export const bsonOf = (documents: readonly Document[]): Buffer =>
  Buffer.concat(documents.map((document) => Buffer.from(BSON.serialize(document))));

/** One collection as mongodump writes it. */
export async function writeCollection(
  folder: string,
  collection: string,
  documents: readonly Document[] | Buffer,
  { gzip = false, indexes = [idIndex], options = {} }: DumpOptions = {},
): Promise<void> {
  const metadata = { options, indexes, uuid: '00', collectionName: collection, type: 'collection' };
  const content = Buffer.isBuffer(documents) ? documents : bsonOf(documents);
  await writeDumpFile(join(folder, `${collection}.bson`), content, gzip);
  await writeDumpFile(join(folder, `${collection}.metadata.json`), Buffer.from(JSON.stringify(metadata)), gzip);
}

async function writeDumpFile(path: string, content: Buffer, gzip: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(gzip ? `${path}.gz` : path, gzip ? gzipSync(content) : content);
}
