import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { adapterFor, makeProject, never, node, npm, temporaryFolder } from './project.ts';

let template = '';
let folder = '';

beforeAll(() => {
  template = mkdtempSync(join(tmpdir(), 'rollbackd-test-npm-'));
  makeProject(template);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(template, 'copy-'));
  cpSync(join(template, 'project'), folder, { recursive: true });
});

test('npm ci under the target’s Node installs what the lock says, and the disk proves it', async () => {
  const dependencies = adapterFor();
  expect(await dependencies.installed(folder, never)).toEqual({ installed: {}, missing: ['deep@0.1.0', 'tiny@1.2.3'] });
  await dependencies.install(folder, never);
  expect(await dependencies.installed(folder, never)).toEqual({ installed: { tiny: '1.2.3' }, missing: [] });
  expect(existsSync(join(folder, 'node_modules/tool')), 'no development packages').toBe(false);
  await dependencies.install(folder, never);
  expect((await dependencies.installed(folder, never)).missing).toEqual([]);

  writeFileSync(join(folder, 'node_modules/tiny/package.json'), '{"name":"tiny","version":"1.2.4"}');
  rmSync(join(folder, 'node_modules/deep'), { recursive: true });
  expect(await dependencies.installed(folder, never)).toEqual({
    installed: { tiny: '1.2.4' },
    missing: ['deep@0.1.0', 'tiny@1.2.3 (found 1.2.4)'],
  });
});

test('an installation that ends by a kill among the packages’ own scripts is not taken for a whole one', async () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const stop = { ...manifest, scripts: { postinstall: 'kill -9 $(cat npm.pid)' } };
  const [whole, cut] = [adapterFor(), adapterFor({ program: killable(folder) })];
  await whole.install(folder, never);
  expect(await whole.installedIn(folder)).toBe(folder);

  writeFileSync(join(folder, 'package.json'), JSON.stringify(stop));
  await expect(cut.install(folder, never)).rejects.toMatchObject({ reason: 'dependencies' });
  expect((await cut.installed(folder, never)).missing, 'every package.json is there').toEqual([]);
  expect(await cut.installedIn(folder), 'the mark of the installation before is gone too').toBeUndefined();

  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await whole.install(folder, never);
  expect(await whole.installedIn(folder)).toBe(folder);
  writeFileSync(join(folder, 'package-lock.json'), `${readFileSync(join(folder, 'package-lock.json'), 'utf8')}\n`);
  expect(await whole.installedIn(folder), 'it was made by another lock file').toBeUndefined();
});

/** The real npm, with its process id on the disk. */
function killable(place: string): string {
  const program = join(place, 'killable-npm');
  writeFileSync(program, `#!/bin/sh\necho $$ >npm.pid\nexec ${node} ${realpathSync(npm)} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

test('the mark of an installation moves with it, and tells it from another one with the same packages', async () => {
  const dependencies = adapterFor();
  const checkout = mkdtempSync(join(template, 'copy-'));
  cpSync(folder, checkout, { recursive: true });
  await dependencies.install(checkout, never);
  await dependencies.install(folder, never);
  expect(await dependencies.installedIn(checkout)).toBe(checkout);
  await dependencies.moveIn(folder, checkout, join(template, 'replaced'));
  expect(await dependencies.installedIn(checkout)).toBe(folder);
  expect((await dependencies.installed(checkout, never)).missing).toEqual([]);
});

test('an npm that exits 0 and does nothing is found out', async () => {
  const program = join(folder, 'npm');
  writeFileSync(program, '#!/bin/sh\nexit 0\n');
  chmodSync(program, 0o755);
  const idle = adapterFor({ program });
  await idle.install(folder, never);
  expect((await idle.installed(folder, never)).missing).toEqual(['deep@0.1.0', 'tiny@1.2.3']);

  await adapterFor().install(folder, never);
  await expect(idle.installed(folder, never)).rejects.toMatchObject({ reason: 'dependencies' });
});

test('npm runs under the given Node, wherever the link to it lies', async () => {
  const script = join(folder, 'says-where.js');
  writeFileSync(
    script,
    `#!/usr/bin/env node\nrequire('fs').writeFileSync('where.json', JSON.stringify([process.execPath, process.env, process.argv.slice(2)]))\n`,
  );
  symlinkSync('says-where.js', join(folder, 'npm'));
  await adapterFor({ program: join(folder, 'npm') }).install(folder, never);
  const [ranBy, environment, said] = JSON.parse(readFileSync(join(folder, 'where.json'), 'utf8'));
  expect(ranBy).toBe(node);
  expect(said).toEqual(['ci', '--omit=dev']);
  expect(Object.keys(environment), 'nothing of ours leaks in').not.toContain('VITEST');
});

test('a lock that does not match is refused with what to do', async () => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { other: 'file:../tool-9.9.9.tgz' } }));
  await expect(adapterFor().install(folder, never)).rejects.toMatchObject({
    reason: 'dependencies',
    remedy: 'package.json and the lock file of the legacy commit do not match',
  });
});

test('a project without dependencies can be installed and moved as well', async () => {
  writeFileSync(join(folder, 'package.json'), '{"name":"project","version":"1.0.0"}');
  writeFileSync(
    join(folder, 'package-lock.json'),
    '{"name":"project","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"project","version":"1.0.0"}}}',
  );
  await adapterFor().install(folder, never);
  expect(existsSync(join(folder, 'node_modules'))).toBe(true);
  expect(await adapterFor().installed(folder, never)).toEqual({ installed: {}, missing: [] });
});

test('a folder without package.json or lock file, or with half of one, is refused', async () => {
  const empty = temporaryFolder();
  await expect(adapterFor().installed(empty, never)).rejects.toMatchObject({ reason: 'dependencies' });
  const lock = join(folder, 'package-lock.json');
  writeFileSync(lock, readFileSync(lock, 'utf8').slice(0, 100));
  await expect(adapterFor().installed(folder, never)).rejects.toMatchObject({
    reason: 'dependencies',
    message: expect.stringContaining('package-lock.json'),
  });
});

test('work that is called off says so, and a missing npm names the setting', async () => {
  await expect(adapterFor().install(folder, AbortSignal.abort())).rejects.toMatchObject({ reason: 'aborted' });
  await expect(adapterFor({ program: '/nowhere/npm' }).install(folder, never)).rejects.toMatchObject({
    reason: 'dependencies',
    remedy: expect.stringContaining('dependencies.program'),
  });
});

test('a service user without a usable home gets one of rollbackd’s own, and what is configured comes first', async () => {
  const program = join(folder, 'says-home.js');
  writeFileSync(program, "require('fs').writeFileSync('home.txt', process.env.HOME)\n");
  const homeWith = async (ofUser: string | undefined, home?: string) => {
    const places = { own: join(folder, 'releases/npm-home'), ofUser: () => ofUser };
    await adapterFor({ program, ...(home && { home }) }, places).install(folder, never);
    return readFileSync(join(folder, 'home.txt'), 'utf8');
  };
  const own = join(folder, 'releases/npm-home');
  expect(await homeWith('/nonexistent')).toBe(own);
  expect(await homeWith(undefined)).toBe(own);
  expect(await homeWith(folder)).toBe(folder);
  expect(await homeWith(folder, join(folder, 'said'))).toBe(join(folder, 'said'));
});

test('npm really installs for a user whose home is not there', async () => {
  const install = ['ci', '--omit=dev', '--offline'];
  const dependencies = adapterFor({ install }, { own: join(folder, 'npm-home'), ofUser: () => '/nonexistent' });
  expect(await dependencies.hostObstacles(never)).toEqual([]);
  await dependencies.install(folder, never);
  expect((await dependencies.installed(folder, never)).missing).toEqual([]);
});

test('where no home can be written that is known beforehand, with the key that mends it', async () => {
  writeFileSync(join(folder, 'a-file'), '');
  const nowhere = { own: join(folder, 'a-file/npm-home'), ofUser: () => '/nonexistent' };
  expect(await adapterFor({}, nowhere).hostObstacles(never)).toEqual([
    {
      what: expect.stringMatching(/a-file\/npm-home.*because \/nonexistent cannot be used/),
      mend: expect.stringContaining('set dependencies.home'),
    },
  ]);
  const configured = adapterFor({ home: join(folder, 'a-file/home') });
  expect(await configured.hostObstacles(never)).toMatchObject([
    { what: expect.stringContaining('which is dependencies.home') },
  ]);
  await expect(configured.install(folder, never)).rejects.toMatchObject({ reason: 'dependencies' });
});

describe('the registry', () => {
  const registry = async (status: number) => {
    const server = createServer((_, answer) => answer.writeHead(status).end('{}')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const obstaclesWith = async (url: string, install = ['ci']) =>
    adapterFor({ install, environment: { npm_config_registry: url } }).hostObstacles(never);

  test('that answers is no obstacle, and dependencies.environment leads to it', async () => {
    expect(await obstaclesWith(await registry(200))).toEqual([]);
  });

  test('that does not answer is one, told with what to do, unless nothing is asked of it', async () => {
    const broken = await registry(500);
    expect(await obstaclesWith(broken)).toEqual([
      { what: "npm's registry does not answer", mend: expect.stringContaining('dependencies.environment') },
    ]);
    expect(await obstaclesWith(broken, ['ci', '--offline'])).toEqual([]);
  });
});

test('a program that is no npm is found out beforehand', async () => {
  const program = join(folder, 'no-npm');
  writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  expect(await adapterFor({ program }).hostObstacles(never)).toEqual([
    { what: `dependencies.program ${program} says no version`, mend: 'name the npm program there' },
  ]);
});

test('an installation that the kernel ends for want of memory says so, and where', async () => {
  const program = join(folder, 'killed-npm');
  writeFileSync(program, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
  await expect(adapterFor({ program }).install(folder, never)).rejects.toMatchObject({
    message: `npm ci --omit=dev in ${folder} was killed: most likely this host has too little memory`,
    remedy: expect.stringContaining('free memory'),
  });
});
