import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { parseDescription, unescaped } from './dump-description.ts';
import { type DumpFile, type DumpPair, dumpFiles, pairsOf, readText } from './dump-files.ts';

export interface DumpedCollection {
  readonly name: string;
  /** False for a view, which has none of its own. */
  readonly hasDocuments: boolean;
  /** By a validator, which its documents need not all satisfy. */
  readonly validated: boolean;
}

/** What lies in the dump of one database: what a tool must have written, or must restore. */
export async function collectionsInDump(root: string, database: string, gzip: boolean): Promise<DumpedCollection[]> {
  const files = await dumpFiles(join(root, database)).catch(() => []);
  const pairs = pairsOf(files.filter((file) => file.gzip === gzip));
  return Promise.all([...pairs].map(([stem, pair]) => read(stem, pair)));
}

async function read(stem: string, { data, description }: DumpPair): Promise<DumpedCollection> {
  const hasDocuments = data !== undefined;
  if (!description) return { name: unescaped(stem), hasDocuments, validated: false };
  const { collection, options } = await describe(description);
  return { name: collection, hasDocuments, validated: options.validator !== undefined };
}

async function describe(file: DumpFile) {
  try {
    return parseDescription(await readText(file), file.stem);
  } catch (cause) {
    throw new RollbackdError('tool-failed', `${file.path} is no description of a collection`, { cause });
  }
}
