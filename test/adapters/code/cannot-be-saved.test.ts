import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, never } from './repository.ts';

const legacy = { 'server.js': 'legacy\n', 'db/models.js': 'legacy\n', 'lib/db.js': 'legacy\n' };
const unified = { 'server.js': 'unified\n' };

type Target = ReturnType<typeof makeRepository>;

/** A repository with a commit that nobody else has. */
function makeInner(target: Target, folder: string) {
  const git = (...command: string[]) =>
    target.git('-C', join(target.repository, folder), '-c', 'init.defaultBranch=main', ...command);
  target.write(`${folder}/work.js`, 'mine\n');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'never pushed');
  return { git, commit: git('rev-parse', 'HEAD') };
}

/** Known while users are served; and neither preparing nor switching takes it away. */
async function expectRefused(target: Target, refusal: string): Promise<void> {
  const code = target.adapter();
  expect(await code.refusals(never)).toEqual([refusal]);
  for (const attempt of [code.saveLocalChanges, code.switchToLegacy]) {
    await expect(attempt('run-1', never)).rejects.toMatchObject({ reason: 'code', message: refusal });
  }
  expect(await code.saved('run-1', never)).toBeUndefined();
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
  expect(readFileSync(join(target.repository, 'server.js'), 'utf8')).toBe('unified\n');
}

async function expectSwitched(target: Target): Promise<void> {
  expect(await target.adapter().refusals(never)).toEqual([]);
  await target.adapter().switchToLegacy('run-1', never);
  expect(await target.adapter().differences('run-1', [], never)).toEqual([]);
}

for (const folder of ['db/models.js', 'db/models.js/vendor/theirs']) {
  test(`a git repository at ${folder}, where the legacy commit has a file or below it, is refused and stays`, async () => {
    const target = makeRepository(legacy, unified);
    const { git, commit } = makeInner(target, folder);
    await expectRefused(
      target,
      `${folder} is a git repository in the way of the legacy file db/models.js: move it away`,
    );
    expect(git('rev-parse', 'HEAD')).toBe(commit);
    expect(git('status', '--porcelain')).toBe('');
    rmSync(join(target.repository, 'db/models.js'), { recursive: true });
    await expectSwitched(target);
  });
}

test('a git repository that comes after the preparation stops the switch before anything is overwritten', async () => {
  const target = makeRepository(legacy, unified);
  await target.adapter().saveLocalChanges('run-1', never);
  const { git, commit } = makeInner(target, 'db/models.js');
  await expect(target.adapter().switchToLegacy('run-1', never)).rejects.toMatchObject({
    message: expect.stringContaining('db/models.js is a git repository'),
    remedy: 'move away what is in the way, then resume',
  });
  expect(git('rev-parse', 'HEAD')).toBe(commit);
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
});

test('a git repository in the place of a tracked file that both commits have is refused and stays', async () => {
  const target = makeRepository({ ...legacy, 'same.js': 'same\n' }, { ...unified, 'same.js': 'same\n' });
  rmSync(join(target.repository, 'same.js'));
  const { git, commit } = makeInner(target, 'same.js');
  await expectRefused(target, 'same.js is a git repository in the way of the legacy file same.js: move it away');
  expect(git('rev-parse', 'HEAD')).toBe(commit);
});

test('a submodule where the legacy commit has a file is refused and stays', async () => {
  const target = makeRepository({ ...legacy, theme: 'a file\n' }, unified);
  const { git, commit } = makeInner(target, 'theme');
  target.git('add', 'theme');
  target.git('commit', '--quiet', '-m', 'with a submodule');
  const refusal = 'theme is a git repository in the way of the legacy file theme: move it away';
  expect(await target.adapter().refusals(never)).toEqual([refusal]);
  await expect(target.adapter().switchToLegacy('run-1', never)).rejects.toMatchObject({ message: refusal });
  expect(git('rev-parse', 'HEAD')).toBe(commit);
  rmSync(join(target.repository, 'theme'), { recursive: true });
  await expectSwitched(target);
  expect(readFileSync(join(target.repository, 'theme'), 'utf8')).toBe('a file\n');
});

test('a git repository that is the legacy commit’s own submodule, or lies beside its files, is in nobody’s way', async () => {
  const target = makeRepository(legacy, unified);
  const { git, commit } = makeInner(target, 'theme');
  target.git('add', 'theme');
  target.git('commit', '--quiet', '-m', 'with a submodule');
  target.git('tag', '--force', 'pre-migration-tag');
  target.git('rm', '--quiet', '--cached', 'theme');
  target.git('commit', '--quiet', '-m', 'without');
  const beside = makeInner(target, 'lib');
  await target.adapter().saveLocalChanges('run-1', never);
  await expectSwitched(target);
  expect([git('rev-parse', 'HEAD'), beside.git('rev-parse', 'HEAD')]).toEqual([commit, beside.commit]);
  expect(git('status', '--porcelain')).toBe('');
});

test('a socket in the way is refused and stays', async () => {
  const target = makeRepository(legacy, unified);
  mkdirSync(join(target.repository, 'db/models.js'), { recursive: true });
  await using server = createServer().listen(join(target.repository, 'db/models.js/s'));
  await once(server, 'listening');
  await expectRefused(target, 'db/models.js/s is a socket in the way of the legacy file db/models.js: move it away');
});

test('a named pipe in the way of a legacy folder, or in the place of a tracked file, is refused and stays', async () => {
  const target = makeRepository(legacy, unified);
  const pipe = join(target.repository, 'lib');
  execFileSync('/usr/bin/mkfifo', [pipe]);
  await expectRefused(target, 'lib is a named pipe in the way of the legacy file lib/db.js: move it away');
  rmSync(pipe);
  target.git('rm', '--quiet', 'server.js');
  execFileSync('/usr/bin/mkfifo', [join(target.repository, 'server.js')]);
  const refusal = 'server.js is a named pipe in the way of the legacy file server.js: move it away';
  expect(await target.adapter().refusals(never)).toEqual([refusal]);
  target.git('reset', '--quiet');
  expect(await target.adapter().refusals(never), 'and nobody waits for its writer').toEqual([refusal]);
});

test('a file in the way whose name is not UTF-8 is refused and stays', async () => {
  const target = makeRepository(legacy, unified);
  mkdirSync(join(target.repository, 'db/models.js'), { recursive: true });
  const file = Buffer.concat([Buffer.from(join(target.repository, 'db/models.js/caf')), Buffer.from([0xe9])]);
  writeFileSync(file, 'mine\n');
  await expectRefused(
    target,
    'db/models.js/caf\uFFFD has a name that is not UTF-8, and is in the way of the legacy file db/models.js: move it away',
  );
  expect(existsSync(file)).toBe(true);
});

test('whatever git passes over without a word is found before it is overwritten', async () => {
  const target = makeRepository(legacy, unified);
  target.write('db/models.js', 'mine\n');
  const program = join(target.root, 'git');
  const passesOver = 'case "$*" in *" update-index --add "*) exit 0;; esac';
  writeFileSync(program, ['#!/bin/sh', passesOver, 'exec /usr/bin/git "$@"'].join('\n'));
  chmodSync(program, 0o755);
  await expect(target.adapter({ program }).switchToLegacy('run-1', never)).rejects.toMatchObject({
    message: 'db/models.js is in the way of the legacy commit, and git could not save it as it is',
  });
  expect(readFileSync(join(target.repository, 'db/models.js'), 'utf8')).toBe('mine\n');
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
});
