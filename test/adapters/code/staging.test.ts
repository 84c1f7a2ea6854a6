import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n', 'package.json': '{}\n', 'node_modules/p/index.js': 'p\n' };
const unified = { 'server.js': 'unified\n' };

test('the legacy commit is staged whole in a folder of its own, and the checkout is not touched', async () => {
  const target = makeRepository(legacy, unified);
  const code = target.adapter();
  expect(await code.staged('run-1', never)).toBeUndefined();
  const folder = await code.stage('run-1', never);
  expect(folder).toBe(join(target.root, 'releases/run-1'));
  expect(readFileSync(join(folder, 'server.js'), 'utf8')).toBe('legacy\n');
  expect(await code.staged('run-1', never)).toEqual({ folder, commit: target.legacyCommit });
  expect(readFileSync(join(target.repository, 'server.js'), 'utf8')).toBe('unified\n');
  expect(target.git('status', '--porcelain')).toBe('');
});

test('staging again keeps what was installed, and makes anew what is not whole', async () => {
  const target = makeRepository(legacy, unified);
  const code = target.adapter();
  const folder = await code.stage('run-1', never);
  writeFileSync(join(folder, 'node_modules/p/index.js'), 'installed\n');
  await code.stage('run-1', never);
  expect(readFileSync(join(folder, 'node_modules/p/index.js'), 'utf8')).toBe('installed\n');

  rmSync(join(folder, 'server.js'));
  expect(await code.staged('run-1', never)).toBeUndefined();
  await code.stage('run-1', never);
  expect(readFileSync(join(folder, 'server.js'), 'utf8')).toBe('legacy\n');
});

for (const [title, breakIt] of [
  ['whose folder is gone', (folder: string) => rmSync(folder, { recursive: true })],
  ['whose link to the repository is gone', (folder: string) => rmSync(join(folder, '.git'))],
  ['whose link leads nowhere', (folder: string) => writeFileSync(join(folder, '.git'), 'gitdir: /nowhere\n')],
] as const) {
  test(`a staged folder ${title} is made anew, and can be removed`, async () => {
    const target = makeRepository(legacy, unified);
    const code = target.adapter();
    const folder = await code.stage('run-1', never);
    target.git('worktree', 'lock', folder);
    breakIt(folder);
    expect(await code.staged('run-1', never)).toBeUndefined();
    await code.stage('run-1', never);
    expect(await code.staged('run-1', never)).toEqual({ folder, commit: target.legacyCommit });
    breakIt(folder);
    await code.unstage('run-1', never);
    await code.unstage('run-1', never);
    expect(existsSync(folder)).toBe(false);
    expect(target.git('worktree', 'list').split('\n')).toHaveLength(1);
  });
}

test('behind a link to the releases a staged folder is found and removed as git knows it', async () => {
  const target = makeRepository(legacy, unified);
  mkdirSync(join(target.root, 'disk'));
  symlinkSync('disk', join(target.root, 'current'));
  const code = target.adapter({ releases: join(target.root, 'current') });
  const folder = await code.stage('run-1', never);
  await code.stage('run-2', never);
  expect((await code.stagedRuns(never)).sort()).toEqual(['run-1', 'run-2']);
  await code.unstage('run-1', never);
  expect(existsSync(folder)).toBe(false);
  expect(await code.stagedRuns(never)).toEqual(['run-2']);
  expect(target.git('worktree', 'list').split('\n')).toHaveLength(2);
});

test('a killed half-made work tree, without an index and still locked, is made anew', async () => {
  const target = makeRepository(legacy, unified);
  const code = target.adapter();
  const folder = await code.stage('run-1', never);
  const own = join(target.repository, '.git/worktrees/run-1');
  rmSync(join(own, 'index'));
  writeFileSync(join(own, 'locked'), 'initializing');
  rmSync(join(folder, 'package.json'));
  await code.stage('run-1', never);
  expect(existsSync(join(folder, 'package.json'))).toBe(true);
});

test('work trees of other people are not forgotten, even where their disk is away', async () => {
  const target = makeRepository(legacy, unified);
  const theirs = join(target.root, 'theirs');
  target.git('worktree', 'add', '--quiet', '--detach', theirs);
  rmSync(theirs, { recursive: true });
  const code = target.adapter();
  await code.stage('run-1', never);
  await code.unstage('run-1', never);
  expect(target.git('worktree', 'list')).toContain('theirs');
});

test('a run whose name could lead out of the releases folder is refused', async () => {
  const code = makeRepository(legacy, unified).adapter();
  await expect(code.stage('../checkout', never)).rejects.toMatchObject({ reason: 'code' });
  await expect(async () => await code.unstage('..', never)).rejects.toMatchObject({ reason: 'code' });
});

test('a file with other line endings than its own .gitattributes ask for is staged and switched to as the commit holds it', async () => {
  const target = makeRepository(legacy, unified);
  target.git('checkout', '--quiet', '--detach', 'pre-migration-tag');
  target.write('notes/été.txt', 'one\r\ntwo\r\n');
  target.git('add', 'notes');
  target.git('commit', '--quiet', '-m', 'with the line endings of its time');
  target.write('.gitattributes', '*.txt text eol=lf\n');
  target.git('add', '.gitattributes');
  target.git('commit', '--quiet', '-m', 'other line endings from now on');
  target.git('tag', '--force', 'pre-migration-tag');
  target.git('checkout', '--quiet', '--force', 'main');
  const code = target.adapter();
  const folder = await code.stage('run-1', never);
  expect(readFileSync(join(folder, 'notes/été.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
  await code.switchToLegacy('run-1', never);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  target.write('notes/été.txt', 'one\r\nthree\r\n');
  expect(await code.differences('run-1', [], never)).toEqual(['notes/été.txt']);
});
