import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateBackup } from '../../src/backup/locate.ts';
import { type TemporaryFolder, temporaryFolder, writeCollection } from './dump-writer.ts';

const wanted = ['superkafe_a', 'superkafe_b'];
let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const write = async (...names: string[]) => {
  for (const name of names) await writeCollection(join(folder.path, name), 'menuitems', [{ _id: 1 }]);
};
const locate = (path = folder.path, databases = wanted) => locateBackup({ path }, databases);

test('databases that lie directly in the folder are found', async () => {
  await write('superkafe_a', 'superkafe_b', 'admin');
  await writeFile(join(folder.path, 'prelude.json'), '{}');
  expect(await locate()).toEqual({ path: folder.path, root: folder.path });
});

test('databases nested under all-databases are found', async () => {
  await write('all-databases/superkafe_a', 'all-databases/superkafe_b');
  expect((await locate()).root).toBe(join(folder.path, 'all-databases'));
});

test('the level that holds every database wins over one that holds some', async () => {
  await write('superkafe_a', 'all-databases/superkafe_a', 'all-databases/superkafe_b');
  expect((await locate()).root).toBe(join(folder.path, 'all-databases'));
});

test('a path that does not exist is called missing', async () => {
  await expect(locate(join(folder.path, 'nowhere'))).rejects.toMatchObject({ reason: 'backup-missing' });
});

test('a folder without a dump is called empty', async () => {
  await expect(locate()).rejects.toMatchObject({ reason: 'backup-empty' });
  await mkdir(join(folder.path, 'superkafe_a'));
  await expect(locate()).rejects.toMatchObject({ reason: 'backup-empty' });
});

test('a path into one database is told which parent to use', async () => {
  await write('superkafe_a', 'superkafe_b');
  await expect(locate(join(folder.path, 'superkafe_a'))).rejects.toMatchObject({
    reason: 'wrong-level',
    remedy: expect.stringContaining(`parent, ${folder.path}`),
  });
});

test('a path above the dump is told which folder to use', async () => {
  await write('2026-01-31/superkafe_a', '2026-01-31/superkafe_b');
  await expect(locate()).rejects.toMatchObject({
    reason: 'wrong-level',
    remedy: expect.stringContaining(join(folder.path, '2026-01-31')),
  });
});

test('absent databases are named, with those that are there', async () => {
  await write('all-databases/superkafe_a', 'all-databases/admin');
  await expect(locate()).rejects.toMatchObject({
    reason: 'database-absent',
    message: expect.stringMatching(/lacks superkafe_b; it holds admin, superkafe_a/),
  });
});

test('a name that differs in case only is absent', async () => {
  await write('superkafe_A', 'superkafe_b');
  await expect(locate()).rejects.toMatchObject({ reason: 'database-absent' });
});

test.each(['dump.archive', 'dump.archive.gz'])(
  'the single-file archive %s is refused, as path and inside it',
  async (name) => {
    const file = join(folder.path, name);
    await writeFile(file, 'anything');
    await expect(locate(file)).rejects.toMatchObject({ reason: 'archive-unsupported' });
    await expect(locate()).rejects.toMatchObject({ reason: 'archive-unsupported' });
  },
);

test('the oplog beside the databases of a whole server is no sign of a wrong level', async () => {
  await write('superkafe_a');
  await writeFile(join(folder.path, 'oplog.bson'), '');
  await expect(locate(folder.path, ['superkafe_b'])).rejects.toMatchObject({ reason: 'database-absent' });
  await expect(locate(folder.path, ['superkafe_z'])).rejects.not.toMatchObject({ reason: 'wrong-level' });
});

test('a database whose only collection is called oplog is one', async () => {
  await writeCollection(join(folder.path, 'superkafe_a'), 'oplog', [{ _id: 1 }]);
  expect((await locate(folder.path, ['superkafe_a'])).root).toBe(folder.path);
});
