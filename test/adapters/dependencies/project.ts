import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { npmAdapter } from '../../../src/adapters/dependencies/npm.ts';
import type { HomePlaces } from '../../../src/adapters/dependencies/npm-home.ts';
import { dependenciesSchema } from '../../../src/adapters/dependencies/schema.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';

/** The machine's own program, not the one in this project's node_modules. */
const machine = (name: string): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => !path.includes('node_modules') && existsSync(path)) ?? name;

export const npm = machine('npm');
export const node = machine('node');

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-dependencies-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const offline = { npm_config_offline: 'true' };

type Changes = {
  program?: string;
  install?: string[];
  list?: string[];
  home?: string;
  environment?: Record<string, string>;
};

/** Under this machine's own user, unless a home is given. */
export function adapterFor(changes: Changes = {}, home?: Omit<HomePlaces, 'configured'>) {
  const config = dependenciesSchema.parse({
    adapter: 'npm',
    program: npm,
    timeout: '60s',
    environment: offline,
    ...changes,
  });
  return npmAdapter({
    config,
    node,
    run: createReadOnlyCommand(),
    readOnly: createReadOnlyCommand(),
    home: home ?? { own: join(tmpdir(), 'rollbackd-test-npm-home') },
  });
}

/** A project that depends on `tiny`, which depends on `deep`: both packed beside it, so that npm needs no registry. */
export function makeProject(root: string): string {
  const folder = join(root, 'project');
  pack(root, { name: 'deep', version: '0.1.0' });
  pack(root, { name: 'tiny', version: '1.2.3', dependencies: { deep: `file:${join(root, 'deep-0.1.0.tgz')}` } });
  pack(root, { name: 'tool', version: '9.9.9' });
  mkdirSync(folder);
  const manifest = {
    name: 'project',
    version: '1.0.0',
    dependencies: { tiny: 'file:../tiny-1.2.3.tgz' },
    devDependencies: { tool: 'file:../tool-9.9.9.tgz' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  npmByHand(folder, 'install', '--offline', '--package-lock-only');
  return folder;
}

function pack(root: string, manifest: { name: string; version: string; dependencies?: Record<string, string> }): void {
  const folder = join(root, manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), `module.exports = '${manifest.version}'\n`);
  npmByHand(folder, 'pack', '--pack-destination', root);
}

export function npmByHand(folder: string, ...command: string[]): void {
  execFileSync(npm, [...command, '--silent'], { cwd: folder, stdio: 'ignore' });
}

export const never = new AbortController().signal;
