import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { moveIn } from '../../../src/adapters/dependencies/move-in.ts';
import { temporaryFolder } from './project.ts';

type Before = 'folder' | 'link' | 'nothing';

function makePlaces(before: Before) {
  const root = temporaryFolder();
  const [staged, checkout, kept] = ['staged', 'checkout', 'releases/run-1-replaced'].map((name) =>
    join(root, name),
  ) as [string, string, string];
  mkdirSync(join(staged, 'node_modules'), { recursive: true });
  writeFileSync(join(staged, 'node_modules/which'), 'legacy');
  mkdirSync(checkout);
  const old = join(checkout, 'node_modules');
  if (before !== 'nothing') mkdirSync(before === 'folder' ? old : join(root, 'elsewhere'));
  if (before === 'link') symlinkSync(join(root, 'elsewhere'), old);
  if (before !== 'nothing') writeFileSync(join(old, 'which'), 'unified');
  return { root, staged, checkout, kept };
}

const which = (folder: string): string => readFileSync(join(folder, 'node_modules/which'), 'utf8');

/** What a call does to the disk, one step after the other; killed between any two, it leaves the steps before. */
const steps: readonly ((places: ReturnType<typeof makePlaces>) => void)[] = [
  ({ kept }) => mkdirSync(kept, { recursive: true }),
  ({ staged }) => mkdirSync(join(staged, '.rollbackd-rename-test')),
  ({ staged, checkout }) =>
    renameSync(join(staged, '.rollbackd-rename-test'), join(checkout, '.rollbackd-rename-test')),
  ({ kept, checkout }) => renameSync(join(checkout, '.rollbackd-rename-test'), join(kept, '.rollbackd-rename-test')),
  ({ checkout, kept }) =>
    existsSync(join(checkout, 'node_modules'))
      ? renameSync(join(checkout, 'node_modules'), join(kept, 'node_modules'))
      : mkdirSync(join(kept, 'node_modules')),
  ({ staged, checkout }) => renameSync(join(staged, 'node_modules'), join(checkout, 'node_modules')),
];

test('killed anywhere and called again any number of times, the legacy packages are in place and the old ones kept', async () => {
  const before = fc.constantFrom<Before>('folder', 'link', 'nothing');
  await fc.assert(
    fc.asyncProperty(before, fc.nat(steps.length), fc.integer({ min: 1, max: 3 }), async (was, done, calls) => {
      const places = makePlaces(was);
      for (const step of steps.slice(0, done)) step(places);
      for (let call = 0; call < calls; call += 1) await moveIn(places.staged, places.checkout, places.kept);
      expect(which(places.checkout)).toBe('legacy');
      expect(lstatSync(join(places.checkout, 'node_modules')).isSymbolicLink()).toBe(false);
      if (was === 'nothing') expect(readdirSync(join(places.kept, 'node_modules'))).toEqual([]);
      else expect(which(places.kept)).toBe('unified');
      expect(readdirSync(places.checkout)).toEqual(['node_modules']);
      expect(readdirSync(places.staged)).toEqual([]);
      rmSync(places.root, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('a node_modules that a repeated checkout made in between goes beside the one that is kept', async () => {
  const places = makePlaces('folder');
  for (const step of steps.slice(0, 5)) step(places);
  mkdirSync(join(places.checkout, 'node_modules'));
  await moveIn(places.staged, places.checkout, places.kept);
  expect(which(places.checkout)).toBe('legacy');
  expect(which(places.kept)).toBe('unified');
  expect(readdirSync(places.kept).sort()).toEqual(['node_modules', 'node_modules-2']);
});

test('nothing staged and nothing done before is refused, and the old packages stay', async () => {
  const places = makePlaces('folder');
  rmSync(join(places.staged, 'node_modules'), { recursive: true });
  await expect(moveIn(places.staged, places.checkout, places.kept)).rejects.toMatchObject({ reason: 'dependencies' });
  expect(which(places.checkout)).toBe('unified');
});

const otherDisk = '/dev/shm';

test.each(['staged', 'kept'] as const)(
  'with %s on another file system, nothing moves and the remedy says what to do',
  async (place) => {
    const places = makePlaces('folder');
    const away = mkdtempSync(join(otherDisk, 'rollbackd-test-'));
    onTestFinished(() => rmSync(away, { recursive: true, force: true }));
    mkdirSync(join(away, 'node_modules'));
    const moved = { ...places, [place]: place === 'kept' ? join(away, 'kept') : away };
    await expect(moveIn(moved.staged, moved.checkout, moved.kept)).rejects.toMatchObject({
      reason: 'dependencies',
      remedy: 'put code.releases and the checkout on the same file system',
    });
    expect(which(places.checkout)).toBe('unified');
    expect(readdirSync(places.checkout)).toEqual(['node_modules']);
    expect(readdirSync(away).filter((name) => name.startsWith('.'))).toEqual([]);
  },
);
