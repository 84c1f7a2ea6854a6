import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeHostLock } from '../../src/journal/host-lock.ts';
import { startChild } from './child.ts';
import { scratchFolder, thrownBy } from './fixture.ts';

test('the folder is made where it is missing, readable by everybody', () => {
  using scratch = scratchFolder();
  const folder = scratch.file('lock/rollbackd');
  using lock = takeHostLock({ folder, target: 'cafe' });
  expect(lock.file).toBe(`${folder}/cafe.lock`);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test('a second holder is refused and told who holds it', async () => {
  using scratch = scratchFolder();
  await using child = startChild(new URL('./lock-holding-child.ts', import.meta.url), scratch.path, 'cafe');
  await child.line(1);
  const pid = child.lines[0]?.split(' ')[0];
  const asked = performance.now();
  expect(thrownBy(() => takeHostLock({ folder: scratch.path, target: 'cafe' }))).toMatchObject({
    reason: 'held',
    message: expect.stringMatching(`process ${pid}, since 20.*cafe\\.lock`),
    remedy: expect.stringContaining('stop that daemon'),
  });
  expect(performance.now() - asked).toBeLessThan(1_000);
});

test('the lock is free right after its holder was killed with -9', async () => {
  using scratch = scratchFolder();
  await using child = startChild(new URL('./lock-holding-child.ts', import.meta.url), scratch.path, 'cafe');
  await child.line(1);
  await child.kill();
  using lock = takeHostLock({ folder: scratch.path, target: 'cafe' });
  expect(thrownBy(() => takeHostLock({ folder: scratch.path, target: 'cafe' }))).toMatchObject({
    message: expect.stringContaining(`process ${process.pid},`),
  });
  lock[Symbol.dispose]();
});

test('a lock given back can be taken again, and giving it back twice takes it from nobody', () => {
  using scratch = scratchFolder();
  const request = { folder: scratch.path, target: 'cafe' };
  const first = takeHostLock(request);
  first[Symbol.dispose]();
  using second = takeHostLock(request);
  first[Symbol.dispose]();
  expect(thrownBy(() => takeHostLock(request))).toMatchObject({
    message: expect.stringContaining(`${process.pid}`),
  });
  expect(readdirSync(scratch.path)).toContain('cafe.lock.holder');
  second[Symbol.dispose]();
  expect(readdirSync(scratch.path)).toEqual(['cafe.lock']);
});

test('two targets have two locks, whatever they are called', () => {
  using scratch = scratchFolder();
  using one = takeHostLock({ folder: scratch.path, target: 'cafe' });
  using other = takeHostLock({ folder: scratch.path, target: '../café' });
  expect([one.file, other.file].every((file) => file.startsWith(`${scratch.path}/`))).toBe(true);
});

test('the refusal stands where the holder left no name', async () => {
  using scratch = scratchFolder();
  await using child = startChild(new URL('./lock-holding-child.ts', import.meta.url), scratch.path, 'cafe');
  await child.line(1);
  rmSync(scratch.file('cafe.lock.holder'));
  expect(thrownBy(() => takeHostLock({ folder: scratch.path, target: 'cafe' }))).toMatchObject({
    reason: 'held',
    message: expect.stringContaining('left no name'),
  });
});

test('a folder that cannot be used is said with the way out', () => {
  using scratch = scratchFolder();
  writeFileSync(scratch.file('plain'), '');
  expect(thrownBy(() => takeHostLock({ folder: scratch.file('plain'), target: 'cafe' }))).toMatchObject({
    reason: 'unusable',
    remedy: expect.stringContaining('folder'),
  });
});
