import { createHash } from 'node:crypto';
import { rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { BSON, type Document } from 'mongodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { passedOverIn } from '../../src/backup/passed-over.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import { verifyPinned } from '../../src/backup/verify-pinned.ts';
import { backupManifest } from '../../src/model/backup.ts';
import { bsonOf, idIndex, type TemporaryFolder, temporaryFolder, writeCollection } from './dump-writer.ts';

const signal = new AbortController().signal;
const menu = [{ _id: 1, name: 'latte' }, { _id: 2, name: 'mocha', sizes: ['S', 'L'] }, { _id: 3 }];
let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const inDatabase = (...path: string[]) => join(folder.path, 'superkafe_a', ...path);
const scan = (databases = ['superkafe_a']) => scanBackup({ path: folder.path, root: folder.path }, databases, signal);
const scanOne = async () => (await scan()).databases[0]?.collections[0];

/** The digest by its definition, with nothing of the product's. */
function digestByHand(documents: readonly Document[]): string {
  const hashes = documents.map((one) => BigInt(`0x${createHash('sha256').update(BSON.serialize(one)).digest('hex')}`));
  const sum = hashes.reduce((total, one) => (total + one) % 2n ** 256n, 0n);
  return sum.toString(16).padStart(64, '0');
}

test.each([false, true])('documents, bytes, digest and file hash are learnt (gzip: %s)', async (gzip) => {
  await writeCollection(inDatabase(), 'menuitems', menu, { gzip });
  const manifest = await scan();
  expect(backupManifest.parse(manifest)).toEqual(manifest);
  expect(manifest).toMatchObject({ gzip, root: folder.path });
  expect(manifest.databases[0]).toMatchObject({ database: 'superkafe_a', location: 'superkafe_a' });
  expect(manifest.databases[0]?.collections).toEqual([
    {
      collection: 'menuitems',
      documents: 3,
      bytes: bsonOf(menu).length,
      digest: digestByHand(menu),
      indexes: [{ name: '_id_', key: [['_id', 1]], options: {} }],
      fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
});

test('index options are read, and what is no part of the index is left out', async () => {
  const unique = {
    v: { $numberInt: '2' },
    ns: 'superkafe_a.menuitems',
    unique: true,
    sparse: false,
    key: { category: { $numberInt: '1' }, price: { $numberDouble: '-1.0' } },
    name: 'category_price',
    partialFilterExpression: { createdAt: { $gt: { $date: { $numberLong: '1700000000000' } } } },
  };
  await writeCollection(inDatabase(), 'menuitems', menu, { indexes: [unique, idIndex] });
  expect((await scanOne())?.indexes).toEqual([
    { name: '_id_', key: [['_id', 1]], options: {} },
    {
      name: 'category_price',
      key: [
        ['category', 1],
        ['price', -1],
      ],
      options: {
        unique: true,
        partialFilterExpression: { createdAt: { $gt: { $date: '2023-11-14T22:13:20Z' } } },
      },
    },
  ]);
});

test('a time series is refused, with what to do', async () => {
  await writeCollection(inDatabase(), 'weather', menu, { options: { timeseries: { timeField: 'at' } } });
  await rm(inDatabase('weather.bson'));
  await expect(scan()).rejects.toMatchObject({
    reason: 'unsupported-collection',
    remedy: expect.stringContaining(inDatabase('weather.metadata.json')),
  });
});

test('system collections and prelude.json are no part of the manifest; a view is, by what it shows', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  await writeCollection(inDatabase(), 'cheap', menu, { options: { viewOn: 'menuitems', pipeline: [] } });
  await rm(inDatabase('cheap.bson'));
  await writeCollection(inDatabase(), 'system.views', menu);
  await writeFile(inDatabase('prelude.json'), '{"ServerVersion":"6.0.5"}');
  expect((await scan()).databases[0]?.collections).toMatchObject([
    { collection: 'cheap', documents: 0, options: { viewOn: 'menuitems', pipeline: [] } },
    { collection: 'menuitems', documents: 3 },
  ]);
});

test("users and roles, and what macOS left of itself, are passed over, and said; mongodump's own note is not", async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  const before = await scan();
  for (const name of [
    '._menuitems.bson',
    '._menuitems.metadata.json',
    '.DS_Store',
    '$admin.system.users.bson',
    'prelude.json',
  ])
    await writeFile(inDatabase(name), 'Mac OS X');
  expect(await scan()).toEqual(before);
  expect(await passedOverIn(before)).toEqual([
    'superkafe_a: passed over $admin.system.users.bson, .DS_Store, ._menuitems.bson, ._menuitems.metadata.json: no collections',
  ]);
});

test('the backup is dated by its newest file', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  await utimes(inDatabase('menuitems.bson'), 1_700_000_000, 1_700_000_000);
  await utimes(inDatabase('menuitems.metadata.json'), 1_700_000_009, 1_700_000_009);
  expect((await scan()).takenAt).toBe(1_700_000_009_000);
});

test('a pinned manifest is recognised; a changed backup and a changed manifest are not', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  const pinned = await scan();
  expect(verifyPinned(await scan(), pinned.hash)).toEqual({ pinned: true });
  expect(verifyPinned({ ...pinned, takenAt: 0 }, pinned.hash)).toMatchObject({ pinned: false });
  await writeCollection(inDatabase(), 'menuitems', menu.slice(1));
  expect(verifyPinned(await scan(), pinned.hash)).toMatchObject({ pinned: false });
});

test('a database that is absent is named', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  await expect(scan(['superkafe_a', 'superkafe_b'])).rejects.toMatchObject({
    reason: 'database-absent',
    message: expect.stringContaining('lacks superkafe_b'),
  });
});

test('a file without its pair is refused, whichever half is missing', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  await writeCollection(inDatabase(), 'orders', menu);
  await rm(inDatabase('orders.metadata.json'));
  await expect(scan()).rejects.toMatchObject({ reason: 'unpaired', message: expect.stringContaining('orders.bson') });
  await writeCollection(inDatabase(), 'orders', menu);
  await rm(inDatabase('orders.bson'));
  await expect(scan()).rejects.toMatchObject({ reason: 'unpaired', message: expect.stringContaining('orders.meta') });
});

test('compressed and plain files in one dump are refused', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu, { gzip: true });
  await writeCollection(inDatabase(), 'orders', menu);
  await expect(scan()).rejects.toMatchObject({ reason: 'mixed-compression' });
});

test('a damaged description is refused', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  await writeFile(inDatabase('menuitems.metadata.json'), '{"indexes": 3}');
  await expect(scan()).rejects.toMatchObject({ reason: 'garbage' });
  await truncate(inDatabase('menuitems.metadata.json'), 0);
  await expect(scan()).rejects.toMatchObject({ reason: 'truncated' });
});

test('a scan that is aborted says so', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  const scanning = scanBackup({ path: folder.path, root: folder.path }, ['superkafe_a'], AbortSignal.abort());
  await expect(scanning).rejects.toMatchObject({ reason: 'aborted' });
});

test.each([
  ['text', Buffer.from('this is no BSON at all')],
  ['a length below the smallest', Buffer.from([4, 0, 0, 0, 0])],
  ['a document that does not end in zero', Buffer.from([5, 0, 0, 0, 1])],
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff, 0])],
])('%s is garbage, and its place is told', async (_, tail) => {
  const good = bsonOf(menu);
  await writeCollection(inDatabase(), 'menuitems', Buffer.concat([good, tail]));
  await expect(scan()).rejects.toMatchObject({
    reason: 'garbage',
    message: expect.stringContaining(`byte ${good.length}:`),
  });
});

test('a large document that comes in many pieces is read', async () => {
  const large = [{ _id: 1, text: 'x'.repeat(15 * 2 ** 20) }, ...menu.slice(1)];
  await writeCollection(inDatabase(), 'menuitems', large);
  expect(await scanOne()).toMatchObject({ documents: 3, digest: digestByHand(large) });
});

test('every truncation inside a document is detected, and its place is told', async () => {
  const whole = bsonOf(menu);
  const ends = menu.map((_, index) => bsonOf(menu.slice(0, index)).length);
  for (let length = whole.length - 1; length > 0; length--) {
    if (ends.includes(length)) continue;
    await writeCollection(inDatabase(), 'menuitems', whole.subarray(0, length));
    const last = Math.max(...ends.filter((end) => end < length));
    await expect(scan()).rejects.toMatchObject({
      reason: 'truncated',
      message: expect.stringContaining(`byte ${last}:`),
    });
  }
});

test('every truncation of a compressed file is detected', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu, { gzip: true });
  const { gzipSync } = await import('node:zlib');
  const whole = gzipSync(bsonOf(menu));
  for (let length = whole.length - 1; length >= 0; length--) {
    await writeFile(inDatabase('menuitems.bson.gz'), whole.subarray(0, length));
    await expect(scan()).rejects.toMatchObject({ reason: 'truncated' });
  }
});

const anyDocument = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((key) => !key.includes('\0') && key !== '__proto__'),
  fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.array(fc.string(), { maxLength: 5 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new BSON.Binary(bytes)),
  ),
  { maxKeys: 6 },
);

test('any documents in any order have the digest of the definition', async () => {
  const shuffled = fc
    .array(anyDocument, { maxLength: 40 })
    .chain((documents) =>
      fc.tuple(fc.constant(documents), fc.shuffledSubarray(documents, { minLength: documents.length }), fc.boolean()),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([documents, reordered, gzip]) => {
      using other = temporaryFolder();
      await writeCollection(join(other.path, 'superkafe_a'), 'any', reordered, { gzip });
      const manifest = await scanBackup({ path: other.path, root: other.path }, ['superkafe_a'], signal);
      expect(manifest.databases[0]?.collections[0]).toMatchObject({
        documents: documents.length,
        digest: digestByHand(documents),
      });
    }),
    { numRuns: 60 },
  );
});

test('a document that is lost, changed or doubled changes the digest', async () => {
  await writeCollection(inDatabase(), 'menuitems', menu);
  const digests = new Set([(await scanOne())?.digest]);
  for (const other of [menu.slice(1), [...menu, ...menu.slice(2)], [...menu.slice(0, 2), { _id: 4 }]]) {
    await writeCollection(inDatabase(), 'menuitems', other);
    digests.add((await scanOne())?.digest);
  }
  expect(digests.size).toBe(4);
});
