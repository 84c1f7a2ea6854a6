import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Seed } from '../seed/seed.ts';
import { cafeSite } from './site.ts';

export type CafeVersion = 'legacy' | 'unified';

export const appName = 'superkafe-backend';

/** What outlives a change of version, because git does not know it or must not lose it. */
const KEPT = new Set(['.git', '.gitignore', 'node_modules', '.env', '.env.legacy', 'ecosystem.config.js']);

/** npm looks into its cache before it asks the registry: an installation must not take longer than the demo. */
const NPM_SETTINGS = 'prefer-offline=true\naudit=false\nfund=false\nupdate-notifier=false\n';

/** Puts one version's sources into the server's folder, in place of the other's. */
export async function writeCafe(folder: string, version: CafeVersion, seed: Seed): Promise<void> {
  await mkdir(folder, { recursive: true });
  const old = (await readdir(folder)).filter((name) => !KEPT.has(name));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true })));
  const templates = join(import.meta.dirname, 'template');
  await cp(join(templates, 'common'), folder, { recursive: true });
  await cp(join(templates, version), folder, { recursive: true });
  await writeSettings(folder, seed);
}

async function writeSettings(folder: string, { parameters, tenants }: Seed): Promise<void> {
  const site = cafeSite(parameters.temperament);
  const listed = site.mainDatabase ? [] : tenants.map(({ slug, name }) => ({ slug, name }));
  await mkdir(join(folder, 'config'), { recursive: true });
  await writeFile(join(folder, 'config', 'site.json'), `${JSON.stringify(site, null, 2)}\n`);
  await writeFile(join(folder, 'config', 'tenants.json'), `${JSON.stringify(listed, null, 2)}\n`);
  await writeFile(join(folder, '.npmrc'), NPM_SETTINGS);
}

/** `restart_delay` keeps an application that dies at once from taking a whole core. */
export function ecosystemFile(execMode: 'fork' | 'cluster'): string {
  const app = {
    name: appName,
    script: 'server.js',
    exec_mode: execMode,
    instances: execMode === 'cluster' ? 2 : 1,
    restart_delay: 300,
    env_production: { NODE_ENV: 'production' },
  };
  const text = JSON.stringify(app, null, 2).replace(/"(\w+)":/g, '$1:');
  return `// pm2 start ecosystem.config.js --env production\nmodule.exports = { apps: [{ cwd: __dirname, ...${text} }] };\n`;
}
