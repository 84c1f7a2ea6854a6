import { z } from 'zod';

/** A package that a complete installation has on the disk. */
export interface WantedPackage {
  /** Its folder, relative to the one of the lock file: `node_modules/express`. */
  readonly path: string;
  /** Undefined where the lock names a place instead of a version. */
  readonly version: string | undefined;
}

const entry = z.object({
  version: z.string().optional(),
  link: z.boolean().optional(),
  resolved: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  peer: z.boolean().optional(),
  extraneous: z.boolean().optional(),
});
type Entry = z.infer<typeof entry>;

interface OldEntry extends Entry {
  readonly dependencies?: Record<string, OldEntry> | undefined;
}
const oldEntry: z.ZodType<OldEntry> = entry.extend({
  dependencies: z.lazy(() => z.record(z.string(), oldEntry)).optional(),
});

const lockFile = z.union([
  z.object({ packages: z.record(z.string(), entry) }),
  z.object({ lockfileVersion: z.literal(1), dependencies: z.record(z.string(), oldEntry).default({}) }),
]);

/** Whatever the lock file installs on every platform without development packages; `undefined` where it is no lock file. */
export function wantedPackages(lock: unknown): WantedPackage[] | undefined {
  const { data } = lockFile.safeParse(lock);
  if (data === undefined) return undefined;
  return 'packages' in data ? fromPackages(data.packages) : fromTree(data.dependencies, '');
}

/** Folders outside node_modules that npm links to: workspaces and packages named by a path. */
export function linkedFolders(lock: unknown): string[] {
  const { data } = lockFile.safeParse(lock);
  if (data === undefined || !('packages' in data)) return [];
  return Object.keys(data.packages).filter((path) => path !== '' && !path.split('/').includes('node_modules'));
}

/** Peers may be left out on purpose (`--legacy-peer-deps`). */
const isOptional = (found: Entry): boolean =>
  Boolean(found.dev || found.optional || found.devOptional || found.peer || found.extraneous);

function fromPackages(packages: Readonly<Record<string, Entry>>): WantedPackage[] {
  return Object.entries(packages).flatMap(([path, found]) => {
    const installed = /(^|\/)node_modules\//.test(path) && !path.startsWith('..');
    if (!installed || isOptional(found)) return [];
    const version = found.link ? packages[found.resolved ?? '']?.version : found.version;
    return [{ path, version: plainVersion(version) }];
  });
}

/** Before npm 7 the lock nested packages as they lie on the disk. */
function fromTree(tree: Readonly<Record<string, OldEntry>>, parent: string): WantedPackage[] {
  return Object.entries(tree).flatMap(([name, found]) => {
    const path = `${parent}node_modules/${name}`;
    if (isOptional(found)) return [];
    return [{ path, version: plainVersion(found.version) }, ...fromTree(found.dependencies ?? {}, `${path}/`)];
  });
}

/** Not a file, an address or an alias. */
const plainVersion = (version: string | undefined): string | undefined =>
  version !== undefined && /^\d+\.\d+\.\d+/.test(version) ? version : undefined;
