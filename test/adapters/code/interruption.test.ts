import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { gitAdapter } from '../../../src/adapters/code/git.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';
import { makeRepository, never } from './repository.ts';

const legacy = {
  'a.js': 'legacy a\n',
  'm.js': 'legacy m\n',
  'z.js': 'legacy z\n',
  'kept.config.js': 'as committed\n',
  '.gitattributes': 'm.js filter=killer\n',
};
const unified = { 'a.js': 'unified a\n', 'm.js': 'unified m\n', 'only-unified.js': 'new\n' };

test('a git that is killed in the middle of the checkout leaves a lock and half the files; the next switch completes it', async () => {
  const target = makeRepository(legacy, unified);
  target.write('a.js', 'hotfix\n');
  target.write('kept.config.js', 'ours\n');
  const killer = join(target.root, 'killer.sh');
  writeFileSync(killer, '#!/bin/sh\ncat\nkill -9 $PPID\n');
  chmodSync(killer, 0o755);
  target.git('config', 'filter.killer.smudge', killer);
  const code = target.adapter({ keep: ['kept.config.js'] });

  await expect(code.switchToLegacy('run-1', never)).rejects.toMatchObject({ reason: 'code' });
  expect(existsSync(join(target.repository, '.git/index.lock')), 'the lock is left behind').toBe(true);
  expect(readFileSync(join(target.repository, 'a.js'), 'utf8')).toBe('legacy a\n');
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);

  target.git('config', '--unset', 'filter.killer.smudge');
  await code.switchToLegacy('run-1', never);
  expect(await code.currentCommit(never)).toBe(target.legacyCommit);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  expect(existsSync(join(target.repository, 'only-unified.js'))).toBe(false);
  expect(readFileSync(join(target.repository, 'kept.config.js'), 'utf8')).toBe('ours\n');
  expect(target.git('log', '--format=%H', 'refs/rollbackd/run-1', '--', 'a.js').split('\n').length).toBeGreaterThan(0);
  const saves = target.git('rev-list', 'refs/rollbackd/run-1', '--not', 'main').split('\n');
  const texts = saves.map((commit) => target.git('show', `${commit}:a.js`));
  expect(texts, 'the first save is still there under the second').toContain('hotfix');
});

test('a kill between the checkout and the files to keep is seen, and the next switch puts them back', async () => {
  const target = makeRepository(legacy, { ...unified, 'state/rows.json': 'ours\n' });
  const keep = ['kept.config.js', 'state'];
  target.write('kept.config.js', 'ours\n');
  const code = target.adapter({ keep });
  const calls: string[] = [];
  const killed = gitAdapter({
    config: { ...target.config, keep },
    run: async (command, signal) => {
      const result = await createReadOnlyCommand()(command, signal);
      calls.push(command.arguments.join(' '));
      if (command.arguments.includes('checkout')) throw new Error('killed');
      return result;
    },
  });
  await expect(killed.switchToLegacy('run-1', never)).rejects.toThrow();
  expect(calls.at(-1)).toContain('checkout');
  expect(await code.currentCommit(never)).toBe(target.legacyCommit);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  expect(readFileSync(join(target.repository, 'kept.config.js'), 'utf8')).toBe('as committed\n');
  expect(existsSync(join(target.repository, 'state')), 'the checkout removes the folder').toBe(false);
  expect(await code.notPutBack('run-1', never)).toEqual(['kept.config.js', 'state/rows.json']);

  await code.switchToLegacy('run-1', never);
  expect(await code.notPutBack('run-1', never)).toEqual([]);
  expect(readFileSync(join(target.repository, 'kept.config.js'), 'utf8')).toBe('ours\n');
  expect(readFileSync(join(target.repository, 'state/rows.json'), 'utf8')).toBe('ours\n');
});

test('a lock that a living git may own is waited for, and then named with its process', async () => {
  const target = makeRepository(legacy, unified);
  const holder = spawn('git', ['-C', target.repository, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(holder, 'exit');
  onTestFinished(() => void holder.kill());
  holder.stdin.write('HEAD\n');
  await once(holder.stdout, 'data');
  const lock = join(target.repository, '.git/index.lock');
  writeFileSync(lock, '');
  utimesSync(lock, 0, 0);
  await expect(target.adapter({ timeout: 1_500 }).switchToLegacy('run-1', never)).rejects.toMatchObject({
    reason: 'code',
    message: expect.stringContaining(`process ${holder.pid}`),
  });
  expect(existsSync(lock)).toBe(true);
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
  holder.kill();
  await ended;
  await target.adapter().switchToLegacy('run-1', never);
  expect(existsSync(lock)).toBe(false);
  expect(existsSync(join(target.repository, '.git/rollbackd/run-1/index.lock.0')), 'moved aside, not deleted').toBe(
    true,
  );
});

test('a second switch changes nothing, and one after new edits saves them on top of the first', async () => {
  const target = makeRepository(legacy, unified);
  const code = target.adapter();
  await code.switchToLegacy('run-1', never);
  const state = () => [target.git('status', '--porcelain'), target.git('for-each-ref')];
  const first = state();
  await code.switchToLegacy('run-1', never);
  expect(state()).toEqual(first);
  expect(await code.saveLocalChanges('run-1', never)).toBeUndefined();

  target.write('a.js', 'edited during the rollback\n');
  expect(await code.differences('run-1', [], never)).toEqual(['a.js']);
  await code.switchToLegacy('run-1', never);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  expect(target.git('show', 'refs/rollbackd/run-1:a.js')).toBe('edited during the rollback');
});

test('commits that no branch names stay reachable', async () => {
  const target = makeRepository(legacy, unified);
  target.git('checkout', '--quiet', '--detach');
  target.git('commit', '--quiet', '--allow-empty', '-m', 'detached');
  const detached = target.git('rev-parse', 'HEAD');
  await target.adapter().switchToLegacy('run-1', never);
  expect(target.git('rev-parse', 'refs/rollbackd/run-1-head')).toBe(detached);
});

test('a file to keep that is not there stops the switch before anything moves', async () => {
  const target = makeRepository(legacy, unified);
  await expect(target.adapter({ keep: ['ecosystem.config.js'] }).switchToLegacy('run-1', never)).rejects.toMatchObject({
    reason: 'code',
    message: expect.stringContaining('ecosystem.config.js'),
  });
  expect(target.git('rev-parse', 'HEAD')).toBe(target.unifiedCommit);
});

test('ignored and untracked files that are in nobody’s way stay as they are', async () => {
  const target = makeRepository({ ...legacy, '.gitignore': '.env\n' }, { ...unified, '.gitignore': '.env\n' });
  target.write('.env', 'SECRET=1\n');
  target.write('ecosystem.config.js', 'module.exports = {}\n');
  target.write('uploads/photo.jpg', 'jpg\n');
  const code = target.adapter({ keep: ['ecosystem.config.js'] });
  expect(await target.localChanges()).toEqual({ tracked: [], inTheWay: [] });
  await code.switchToLegacy('run-1', never);
  for (const path of ['.env', 'ecosystem.config.js', 'uploads/photo.jpg']) {
    expect(existsSync(join(target.repository, path)), path).toBe(true);
  }
});

test('dirt that an install left in a tracked node_modules is saved and gone, however much', async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`node_modules/p${i}/index.js`, `${i}\n`]));
  const target = makeRepository(files, { ...files, 'server.js': 'unified\n' });
  for (let i = 0; i < 600; i += 2) target.write(`node_modules/p${i}/index.js`, 'reinstalled\n');
  rmSync(join(target.repository, 'node_modules/p1'), { recursive: true });
  const code = target.adapter();
  expect((await target.localChanges()).tracked).toHaveLength(301);
  await code.switchToLegacy('run-1', never);
  expect(await code.differences('run-1', [], never)).toEqual([]);
  expect(target.git('show', 'refs/rollbackd/run-1:node_modules/p598/index.js')).toBe('reinstalled');
});
