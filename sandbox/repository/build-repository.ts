import { appendFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CafeVersion, ecosystemFile, writeCafe } from '../cafe/write-cafe.ts';
import type { Seed } from '../seed/seed.ts';
import type { TargetPrograms } from './target-programs.ts';

export const legacyTag = 'pre-migration-tag';

export interface BuiltRepository {
  readonly root: string;
  readonly serverFolder: string;
  readonly legacyCommit: string;
  readonly unifiedCommit: string;
}

export interface RepositoryPlan {
  readonly root: string;
  /** Gets a copy of the legacy server with its dependencies, ready to run. */
  readonly legacyCopy: string;
  readonly seed: Seed;
  readonly programs: TargetPrograms;
}

interface Building extends RepositoryPlan {
  readonly serverFolder: string;
}

export const serverFolderIn = (root: string, { parameters }: Seed): string =>
  parameters.temperament === 'rough' ? join(root, 'backend') : root;

/** Two releases on `main`: the last one before the migration, tagged, and the unified one, checked out with its dependencies. */
export async function buildRepository(plan: RepositoryPlan): Promise<BuiltRepository> {
  const { root, seed, programs } = plan;
  const rough = seed.parameters.temperament === 'rough';
  const building = { ...plan, serverFolder: serverFolderIn(root, seed) };
  await mkdir(root, { recursive: true });
  await programs.git(root, 'init', '--quiet', '--initial-branch=main');
  await programs.git(root, 'config', 'user.name', 'Café');
  await programs.git(root, 'config', 'user.email', 'deploy@superkafe.example');
  await programs.git(root, 'config', 'gc.auto', '0');
  return rough ? await buildRough(building) : await buildTidy(building);
}

async function buildTidy(building: Building): Promise<BuiltRepository> {
  const { root, serverFolder, programs } = building;
  await writeFile(join(root, '.gitignore'), 'node_modules/\n.env\n.env.legacy\nlogs/\n');
  await writeFile(join(serverFolder, 'ecosystem.config.js'), ecosystemFile('fork'));
  const install = () => programs.npm(serverFolder, 'ci', '--omit=dev');
  const legacyCommit = await release(building, 'legacy', install);
  const unifiedCommit = await release(building, 'unified', install);
  return { root, serverFolder, legacyCommit, unifiedCommit };
}

/** The server lies in a subfolder, its node_modules are tracked and have changed since; the ecosystem file never was tracked. */
async function buildRough(building: Building): Promise<BuiltRepository> {
  const { root, serverFolder, programs } = building;
  await writeFile(join(root, '.gitignore'), '.env\n.env.legacy\n/node_modules/\n');
  await writeFrontend(root);
  const install = () => programs.npm(serverFolder, 'ci', '--omit=dev');
  const legacyCommit = await release(building, 'legacy', install);
  const unifiedCommit = await release(building, 'unified', install);
  await writeFile(join(serverFolder, 'ecosystem.config.js'), ecosystemFile('cluster'));
  await dirtyTrackedModules(join(serverFolder, 'node_modules'));
  return { root, serverFolder, legacyCommit, unifiedCommit };
}

const messages: Readonly<Record<CafeVersion, string>> = {
  legacy: 'Last release with one database a tenant (pre-migration)',
  unified: 'Unified Nexus: one database for all tenants',
};

async function release(
  { root, serverFolder, legacyCopy, seed, programs }: Building,
  version: CafeVersion,
  install: () => Promise<unknown>,
): Promise<string> {
  await writeCafe(serverFolder, version, seed);
  await install();
  await programs.git(root, 'add', '--all');
  await programs.git(root, 'commit', '--quiet', '--message', messages[version]);
  if (version === 'legacy') {
    await programs.git(root, 'tag', legacyTag);
    await cp(serverFolder, legacyCopy, { recursive: true, filter: (file) => basename(file) !== '.git' });
  }
  return (await programs.git(root, 'rev-parse', 'HEAD')).trim();
}

/** Another package with a lock file of its own: `npm ci` here succeeds and installs nothing that the server needs. */
async function writeFrontend(root: string): Promise<void> {
  const frontend = { name: 'superkafe', version: '4.2.0', private: true };
  const lock = { ...frontend, lockfileVersion: 3, requires: true, packages: { '': frontend } };
  await writeFile(join(root, 'package.json'), `${JSON.stringify(frontend, null, 2)}\n`);
  await writeFile(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
  await writeFile(join(root, 'index.html'), '<!doctype html>\n<title>Superkafe</title>\n');
}

/** As an installation by another npm left them. The two releases differ in npm's own record: a plain checkout aborts on it. */
async function dirtyTrackedModules(modules: string): Promise<void> {
  const packages = (await readdir(modules)).filter((name) => /^[a-z]/.test(name)).slice(0, 40);
  const files = ['.package-lock.json', ...packages.map((name) => join(name, 'package.json'))];
  await Promise.all(files.map((file) => appendFile(join(modules, file), '\n')));
}
