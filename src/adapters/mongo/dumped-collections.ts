import { join } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import { parseDescription, unescaped } from './dump-description.ts';
import { type DumpFile, dumpFiles, pairsOf, readText } from './dump-files.ts';

/** Collections whose documents lie in the dump of one database: what a tool must have written, or must restore. */
export async function dumpedCollections(root: string, database: string, gzip: boolean): Promise<string[]> {
  const files = await dumpFiles(join(root, database)).catch(() => []);
  const pairs = [...pairsOf(files.filter((file) => file.gzip === gzip)).values()];
  const names = pairs.flatMap(({ data, description }) => (data ? [nameOf(data, description)] : []));
  return (await Promise.all(names)).sort();
}

async function nameOf({ stem }: DumpFile, description: DumpFile | undefined): Promise<string> {
  if (!description) return unescaped(stem);
  try {
    return parseDescription(await readText(description), stem).collection;
  } catch (cause) {
    throw new RollbackdError('tool-failed', `${description.path} is no description of a collection`, { cause });
  }
}
