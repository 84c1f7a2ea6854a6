import { hash } from 'node:crypto';
import { BSON, type Document } from 'mongodb';
import type { DumpFile } from '../adapters/mongo/dump-files.ts';
import { indexKeys } from './index-keys.ts';
import { readDocuments } from './read-documents.ts';

const LONGEST_ID = 60;

/**
 * Why a unique index of these fields could not be built on the documents of a file, or why that cannot be told; undefined where it
 * can. The file is read twice at most, so that eight bytes a document are enough: first hashes of the keys, then those of which
 * there are two.
 */
export async function findDouble(
  file: DumpFile,
  fields: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { hashes, untold } = await hashKeys(file, fields, signal);
  const suspects = repeated(hashes);
  const double = suspects.size > 0 ? await firstDouble(file, fields, suspects, signal) : undefined;
  return double ?? untold;
}

async function hashKeys(file: DumpFile, fields: readonly string[], signal: AbortSignal) {
  const hashes: number[] = [];
  let untold: string | undefined;
  const onDocument = (raw: Buffer) => {
    const document = decoded(raw);
    const found = indexKeys(document, fields);
    if ('untold' in found)
      untold ??= `it cannot be told beforehand: of ${idOf(document)} the field ${found.untold} has a rare kind of value`;
    else for (const key of found.keys) hashes.push(shortHash(key));
  };
  await readDocuments(file, { onDocument }, signal);
  return { hashes, untold };
}

/** Exactly: a hash alone may be that of two keys. */
async function firstDouble(
  file: DumpFile,
  fields: readonly string[],
  suspects: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const holders = new Map<string, string>();
  let double: string | undefined;
  const onDocument = (raw: Buffer) => {
    if (double !== undefined) return;
    const document = decoded(raw);
    const found = indexKeys(document, fields);
    if ('untold' in found) return;
    for (const key of found.keys.filter((each) => suspects.has(shortHash(each)))) {
      const other = holders.get(key);
      if (other !== undefined) double = `${other} and ${idOf(document)} have the same ${fields.join(', ')}`;
      holders.set(key, idOf(document));
    }
  };
  await readDocuments(file, { onDocument }, signal);
  return double;
}

const decoded = (raw: Buffer): Document => BSON.deserialize(raw, { promoteLongs: false, validation: { utf8: false } });

/** Six bytes are an exact number. */
const shortHash = (key: string): number => hash('sha256', key, 'buffer').readUIntBE(0, 6);

function repeated(hashes: readonly number[]): Set<number> {
  const sorted = Float64Array.from(hashes).sort();
  return new Set(sorted.filter((each, index) => each === sorted[index - 1]));
}

/** Of customers' data nothing but this is shown. */
function idOf({ _id }: Document): string {
  const text = BSON.EJSON.stringify({ _id }, { relaxed: true }).slice('{"_id":'.length, -1);
  return `the document ${text.length > LONGEST_ID ? `${text.slice(0, LONGEST_ID)}...` : text}`;
}
