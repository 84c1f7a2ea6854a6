import { readRegularFile } from '../core/read-regular-file.ts';
import { Secret } from '../core/secret.ts';
import { readDocument } from './document.ts';
import { type Path, pathText } from './fault.ts';
import { inFile, type LoadedConfig, loadConfig } from './load.ts';
import { parseDocument } from './parse.ts';
import type { Config } from './schema.ts';

export type LoadedShape =
  | { readonly status: 'valid'; readonly config: Config }
  | Extract<LoadedConfig, { status: 'invalid' }>;

/**
 * As loadConfig, for whoever has none of the daemon's secrets: a password that cannot be filled in is no fault, and must not be used.
 * Whatever else is wrong stays wrong.
 */
export function loadWithoutSecrets(file: string, environment: NodeJS.ProcessEnv): LoadedShape {
  const loaded = loadConfig(file, environment);
  const unreadable = loaded.status === 'invalid' && loaded.faults.some(({ line }) => line === 0);
  if (loaded.status === 'valid' || unreadable) return loaded;
  const document = readDocument(readRegularFile(file), { environment, readFile: readRegularFile });
  const [blanks, others] = partition(document.faults, ({ path }) => document.unresolved.has(pathText(path)));
  const parsed = parseDocument({ ...document, faults: others });
  const wrong = parsed.status === 'valid' ? blanks.filter(({ path }) => !isSecret(parsed.config, path)) : parsed.faults;
  if (parsed.status === 'valid' && wrong.length === 0) return parsed;
  // What a blank would have been may be all that is wrong.
  const faults = wrong.length > 0 ? wrong : blanks;
  const more = parsed.status === 'invalid' && parsed.more;
  return { status: 'invalid', faults: faults.map((fault) => inFile(file, fault)), more };
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

const isSecret = (config: Config, path: Path) => valueAt(config, path) instanceof Secret;

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
