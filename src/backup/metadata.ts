import { normaliseOptions } from '../adapters/mongo/collection-options.ts';
import { type DumpDescription, parseDescription } from '../adapters/mongo/dump-description.ts';
import { type DumpFile, readText } from '../adapters/mongo/dump-files.ts';
import { normaliseIndex, sortedByName } from '../adapters/mongo/index-definition.ts';
import type { IndexDefinition } from '../model/backup.ts';
import { BackupError } from './backup-error.ts';

export interface CollectionMetadata {
  readonly collection: string;
  readonly kind: 'collection' | 'view' | 'timeseries';
  readonly indexes: readonly IndexDefinition[];
  readonly options: Record<string, unknown> | undefined;
}

/** What mongodump wrote beside the documents. */
export async function readMetadata(file: DumpFile): Promise<CollectionMetadata> {
  const described = describe(file, await textOf(file));
  return {
    collection: described.collection,
    kind: kindOf(described),
    indexes: sortedByName(described.indexes.map(normaliseIndex)),
    options: normaliseOptions(described.options),
  };
}

async function textOf(file: DumpFile): Promise<string> {
  try {
    return await readText(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw cause;
    throw new BackupError(code === 'Z_BUF_ERROR' ? 'truncated' : 'garbage', `${file.path} is damaged`, { cause });
  }
}

function describe(file: DumpFile, text: string): DumpDescription {
  try {
    return parseDescription(text, file.stem);
  } catch (cause) {
    const fault = text.trim() === '' ? 'truncated' : 'garbage';
    throw new BackupError(fault, `${file.path} is no description of a collection`, { cause });
  }
}

function kindOf({ options, type }: DumpDescription): CollectionMetadata['kind'] {
  if (type === 'view' || options.viewOn !== undefined) return 'view';
  return type === 'timeseries' || options.timeseries !== undefined ? 'timeseries' : 'collection';
}
