import { rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Reading, rememberFiles } from '../../src/backup/read-files.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import { scanFile } from '../../src/backup/scan-file.ts';
import { bsonOf, type TemporaryFolder, temporaryFolder, writeCollection } from './dump-writer.ts';

const menu = [{ _id: 1, name: 'latte' }];
const other = [{ _id: 1, name: 'mocha' }];
let folder: TemporaryFolder;
const inDatabase = (...names: string[]) => join(folder.path, 'superkafe_a', ...names);

beforeEach(async () => {
  folder = temporaryFolder();
  await writeCollection(inDatabase(), 'menus', menu);
  await writeCollection(inDatabase(), 'orders', menu);
});
afterEach(() => folder[Symbol.dispose]());

/** Scans that share what they remember. What a test has just written counts as settled, unless it says what time it is. */
function scanning(now = () => Date.now() + 60_000) {
  const read: string[] = [];
  const files = rememberFiles(now, async (file, signal) => {
    const totals = await scanFile(file, signal);
    read.push(basename(file.path));
    return totals;
  });
  return async (reading: Reading) => {
    const { signal } = new AbortController();
    read.length = 0;
    const location = { path: folder.path, root: folder.path };
    const manifest = await scanBackup(location, ['superkafe_a'], signal, files(reading));
    return { manifest, read: [...read] };
  };
}

test('what was read is not read again for a plan, and gives the same manifest; whole is whole', async () => {
  const scan = scanning();
  const first = await scan('changed');
  expect(first.read).toEqual(['menus.bson', 'orders.bson']);
  expect(await scan('changed')).toEqual({ manifest: first.manifest, read: [] });
  expect(await scan('whole')).toEqual(first);
});

test.each<[string, (file: string) => Promise<void>]>([
  [
    'other bytes of the same length, and the old time put back',
    async (file) => {
      const { atime, mtime } = await stat(file);
      await writeFile(file, bsonOf(other));
      await utimes(file, atime, mtime);
    },
  ],
  [
    'another file moved into its place, as old as the first',
    async (file) => {
      const { atime, mtime } = await stat(file);
      await writeFile(`${file}.new`, bsonOf(other));
      await utimes(`${file}.new`, atime, mtime);
      await rename(`${file}.new`, file);
    },
  ],
  ['more documents', (file) => writeFile(file, bsonOf([...menu, { _id: 2 }]))],
])('%s: that file alone is read again', async (_, change) => {
  const scan = scanning();
  const first = await scan('changed');
  await change(inDatabase('menus.bson'));
  const second = await scan('changed');
  expect(second.read).toEqual(['menus.bson']);
  expect(second.manifest.hash).not.toBe(first.manifest.hash);
});

test('a file that was changed just now is not remembered: a second change might leave its times as they are', async () => {
  const scan = scanning(() => Date.now());
  await scan('changed');
  expect((await scan('changed')).read).toEqual(['menus.bson', 'orders.bson']);
});

test('a file that changes while it is read is not remembered', async () => {
  const files = rememberFiles(
    () => Date.now() + 60_000,
    async (file, signal) => {
      const totals = await scanFile(file, signal);
      await writeFile(file.path, bsonOf(other));
      return totals;
    },
  );
  const { signal } = new AbortController();
  const menus = { path: inDatabase('menus.bson'), stem: 'menus', kind: 'bson', gzip: false } as const;
  const stale = await files('changed')(menus, signal);
  expect((await files('changed')(menus, signal)).digest).not.toBe(stale.digest);
});

test('what was read before a scan was cut off need not be read by the next one', async () => {
  const scan = scanning();
  const orders = inDatabase('orders.bson');
  await rm(orders);
  await expect(scan('changed')).rejects.toMatchObject({ reason: 'unpaired' });
  await writeFile(orders, bsonOf(menu));
  expect((await scan('changed')).read).toEqual(['orders.bson']);
});

test('damage is found, whatever was remembered', async () => {
  const scan = scanning();
  await scan('changed');
  await writeFile(inDatabase('menus.bson'), 'no BSON at all');
  await expect(scan('changed')).rejects.toMatchObject({ reason: 'garbage' });
});
