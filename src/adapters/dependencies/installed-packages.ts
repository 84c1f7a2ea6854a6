import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { InstalledPackages } from './contract.ts';
import { linkedFolders, type WantedPackage, wantedPackages } from './lock-file.ts';

const manifest = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Compares what lies on the disk, transitive packages too, with the lock file. */
export async function readInstalled(folder: string): Promise<InstalledPackages> {
  const direct = await directPackages(folder);
  const wanted = new Map((await readLock(folder)).wanted.map((one) => [one.path, one]));
  for (const path of direct.needed) if (!wanted.has(path)) wanted.set(path, { path, version: undefined });
  const installed: Record<string, string> = {};
  const missing: string[] = [];
  for (const one of wanted.values()) {
    const found = await versionOnDisk(folder, one.path);
    const lack = lackOf(one, found);
    if (lack !== undefined) missing.push(lack);
  }
  for (const path of [...direct.needed, ...direct.optional]) {
    const found = await versionOnDisk(folder, path);
    if (found !== undefined) installed[nameOf(path)] = found;
  }
  return { installed, missing };
}

function lackOf({ path, version }: WantedPackage, found: string | undefined): string | undefined {
  const name = version === undefined ? nameOf(path) : `${nameOf(path)}@${version}`;
  if (found === undefined) return name;
  return version === undefined || found === version ? undefined : `${name} (found ${found})`;
}

const nameOf = (path: string): string => path.slice(path.indexOf('node_modules/') + 'node_modules/'.length);

async function directPackages(folder: string): Promise<{ needed: string[]; optional: string[] }> {
  const file = join(folder, 'package.json');
  const { data } = manifest.safeParse(await readJson(file));
  if (data === undefined) throw missingFile(file);
  const { dependencies, optionalDependencies } = data;
  const pathOf = (name: string) => `node_modules/${name}`;
  return {
    // npm lets an entry of optionalDependencies win over one of the same name in dependencies.
    needed: Object.keys(dependencies)
      .filter((name) => !(name in optionalDependencies))
      .map(pathOf),
    optional: Object.keys(optionalDependencies).map(pathOf),
  };
}

export interface Lock {
  readonly text: string;
  readonly wanted: readonly WantedPackage[];
  readonly linked: readonly string[];
}

export async function readLock(folder: string): Promise<Lock> {
  for (const name of ['npm-shrinkwrap.json', 'package-lock.json']) {
    const text = await readText(join(folder, name));
    const wanted = wantedPackages(parsed(text));
    if (wanted !== undefined) return { text, wanted, linked: linkedFolders(parsed(text)) };
  }
  throw missingFile(join(folder, 'package-lock.json'));
}

async function versionOnDisk(folder: string, path: string): Promise<string | undefined> {
  const { data } = manifest.pick({ version: true }).safeParse(await readJson(join(folder, path, 'package.json')));
  return data === undefined ? undefined : (data.version ?? 'no version').replace(/^[v=\s]+/, '');
}

const readJson = async (file: string): Promise<unknown> => parsed(await readText(file));

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '';
    throw new RollbackdError('dependencies', `${file} cannot be read: ${error.message}`, {
      remedy: "let rollbackd's user read it",
      cause: error,
    });
  });
}

/** Half a file, as a crash leaves it, counts like none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

const missingFile = (file: string) =>
  new RollbackdError('dependencies', `${file} is missing or is not what npm writes`, {
    remedy: 'check dependencies.folder: it must name the folder with package.json and its lock at the legacy commit',
  });
