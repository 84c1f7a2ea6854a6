import { join } from 'node:path';
import { BSON, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpFiles } from '../../src/adapters/mongo/dump-files.ts';
import { findDouble } from '../../src/backup/find-double.ts';
import { refusedRequirements, rememberUniqueness, whyNotUnique } from '../../src/backup/refused-requirements.ts';
import { scanBackup } from '../../src/backup/scan.ts';
import { fill, type MongoFixture, never, startMongo } from '../adapters/mongo/mongo-fixture.ts';
import { type DumpOptions, temporaryFolder, writeCollection } from './dump-writer.ts';

const { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } = BSON;
const id = 'a'.repeat(24);
const uuid = '00000000-0000-4000-8000-000000000000';

async function doubleOf(documents: readonly Document[], fields: readonly string[], options: DumpOptions = {}) {
  using folder = temporaryFolder();
  await writeCollection(folder.path, 'orders', documents, options);
  const [file] = (await dumpFiles(folder.path)).filter(({ kind }) => kind === 'bson');
  return file && (await findDouble(file, fields, never));
}

describe('whether a unique index could be built is known as the server knows it:', () => {
  let mongo: MongoFixture;
  beforeAll(async () => {
    mongo = await startMongo();
  });
  afterAll(() => mongo[Symbol.asyncDispose]());

  async function serverRefuses(documents: readonly Document[], fields: readonly string[]): Promise<boolean> {
    const collection = mongo.admin.db('superkafe_a').collection('orders');
    await collection.drop();
    await fill(mongo.admin, 'superkafe_a.orders', documents);
    const key = Object.fromEntries(fields.map((field) => [field, 1 as const]));
    return await collection.createIndex(key, { unique: true }).then(
      () => false,
      (error: unknown) => {
        expect(String(error)).toContain('E11000');
        return true;
      },
    );
  }

  it.each<[string, Document, Document, ...string[]]>([
    ['the same text', { a: 'x' }, { a: 'x' }],
    ['texts of another case', { a: 'x' }, { a: 'X' }],
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['null and the text of it', { a: null }, { a: 'null' }],
    ['two that lack the field', { b: 1 }, { b: 2 }],
    ['a missing field and null', { a: null }, { b: 2 }],
    ['a missing field and an empty text', { a: '' }, { b: 2 }],
    ['numbers of several types', { a: new Int32(1) }, { a: new Double(1) }],
    ['a long number and a short one', { a: Long.fromNumber(1) }, { a: new Int32(1) }],
    ['long numbers that differ in the last digit', { a: Long.MAX_VALUE }, { a: Long.MAX_VALUE.subtract(1) }],
    ['a long number and the double nearest to it', { a: Long.MAX_VALUE }, { a: new Double(2 ** 63) }],
    ['zero and minus zero', { a: new Double(0) }, { a: new Double(-0) }],
    ['no numbers', { a: new Double(Number.NaN) }, { a: new Double(Number.NaN) }],
    ['fractions', { a: 0.1 }, { a: 0.1 }],
    ['yes and one', { a: true }, { a: 1 }],
    ['the same moment', { a: new Date(5) }, { a: new Date(5) }],
    ['a moment and its number', { a: new Date(5) }, { a: Long.fromNumber(5) }],
    ['an id and its text', { a: new ObjectId(id) }, { a: id }],
    ['the same id', { a: new ObjectId(id) }, { a: new ObjectId(id) }],
    ['the same UUID', { a: new UUID(uuid) }, { a: new UUID(uuid) }],
    ['bytes of another kind', { a: new UUID(uuid) }, { a: new Binary(new UUID(uuid).buffer, 0) }],
    ['all of several fields', { a: 1, b: 2 }, { a: 1, b: 2 }, 'a', 'b'],
    ['one of several fields', { a: 1, b: 2 }, { a: 1, b: 3 }, 'a', 'b'],
    ['several fields the other way round', { a: 1, b: 2 }, { a: 2, b: 1 }, 'a', 'b'],
    ['one of several fields, which lack the other', { a: 1 }, { a: 1, b: null }, 'a', 'b'],
    ['a field within', { a: { b: 1 } }, { a: { b: 1 } }, 'a.b'],
    ['a field within that is not there', { a: { b: null } }, { a: 5 }, 'a.b'],
    ['a field within, and nothing at all', { a: {} }, {}, 'a.b'],
    ['a field that is called as the one within', { 'a.b': 1 }, { a: { b: 1 } }, 'a.b'],
    ['one element of two lists', { a: [1, 2] }, { a: [2, 3] }],
    ['no element of two lists', { a: [1, 2] }, { a: [3, 4] }],
    ['an element of a list, and a plain value', { a: [1, 'x'] }, { a: 'x' }],
    ['an element that is in a list twice', { a: [1, 1] }, { a: 2 }],
    ['two empty lists', { a: [] }, { a: [] }],
    ['an empty list and a missing field', { a: [] }, {}],
    ['an empty list and one that holds null', { a: [] }, { a: [null] }],
    ['a list that holds null, and a missing field', { a: [null] }, {}],
    ['a list beside another field', { a: [1, 2], b: 1 }, { a: [2], b: 1 }, 'a', 'b'],
    ['a list beside another field that differs', { a: [1, 2], b: 1 }, { a: [2], b: 2 }, 'a', 'b'],
    ['a list, the second field', { a: 1, b: [1, 2] }, { a: 1, b: 2 }, 'a', 'b'],
    ['a field within a list', { a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }, 'a.b'],
    ['a field that is not within a list', { a: [{ b: 1 }, { c: 2 }] }, { a: { b: null } }, 'a.b'],
    ['a field within an empty list, and none', { a: [] }, {}, 'a.b'],
    ['a field within an empty list, and an empty list', { a: [] }, { a: { b: [] } }, 'a.b'],
    ['a field within a plain list, and none', { a: [1, 2] }, {}, 'a.b'],
    ['a field within a mixed list, and none', { a: [1, { b: 2 }] }, {}, 'a.b'],
    ['an empty list within a list, and an empty one', { a: [{ b: [] }] }, { a: { b: [] } }, 'a.b'],
    ['a list within a list', { a: [{ b: [1, 2] }, { b: 3 }] }, { a: { b: 2 } }, 'a.b'],
  ])('%s', async (_, one, other, ...named) => {
    const documents = [
      { _id: 1, ...one },
      { _id: 2, ...other },
    ];
    const fields = named.length > 0 ? named : ['a'];
    const double = await doubleOf(documents, fields);
    expect(double).toBe(
      (await serverRefuses(documents, fields))
        ? `the document 1 and the document 2 have the same ${fields.join(', ')}`
        : undefined,
    );
  });
});

it.each<[string, Document, string]>([
  ['a list of lists', { a: [[1], 2] }, 'a'],
  ['a field within a list of lists', { a: [[{ b: 1 }]] }, 'a.b'],
  ['an element by its number', { a: [1] }, 'a.0'],
  ['a reference on the way to the field', { a: { $ref: 'x', $id: 1 } }, 'a.$id'],
  ['a document', { a: { b: 1 } }, 'a'],
  ['a decimal', { a: Decimal128.fromString('1.0') }, 'a'],
  ['the least of all keys', { a: new BSON.MinKey() }, 'a'],
])('of %s it is said that it cannot be told', async (_, document, field) => {
  expect(await doubleOf([{ _id: 'x'.repeat(100), ...document }, { _id: 2 }], [field])).toBe(
    `it cannot be told beforehand: of the document "${'x'.repeat(59)}... the field ${field} has a rare kind of value`,
  );
});

it('of several lists at once it is said that it cannot be told', async () => {
  expect(await doubleOf([{ _id: 1, a: [1], b: [2] }], ['a', 'b'])).toMatch(/cannot be told.* b /);
  expect(
    await doubleOf(
      [
        {
          _id: 1,
          a: [
            { b: 1, c: 2 },
            { b: 2, c: 1 },
          ],
        },
      ],
      ['a.b', 'a.c'],
    ),
  ).toMatch(/cannot be told.* a\.c /);
});

it('a double among many is found in a compressed dump, and none where there is none', async () => {
  const many = Array.from({ length: 20_000 }, (_, n) => ({ _id: `id-${n}`, code: n }));
  expect(await doubleOf(many, ['code'], { gzip: true })).toBeUndefined();
  expect(await doubleOf([...many, { _id: 'late', code: 12_345 }], ['code'], { gzip: true })).toMatch(
    /^the document "id-12345" and the document "late" have the same code$/,
  );
});

describe('of a backup', () => {
  const required = (key: Record<string, 1 | -1 | string>, unique = true) => ({
    name: 'superkafe_a',
    policy: 'restore' as const,
    onDifferent: 'ask' as const,
    requiredIndexes: [{ collection: 'orders', key, unique }],
  });
  const twice = [
    { _id: 1, code: 'x' },
    { _id: 2, code: 'x' },
  ];

  async function broken(configured: ReturnType<typeof required>, options: DumpOptions = {}) {
    using folder = temporaryFolder();
    const root = folder.path;
    await writeCollection(join(root, 'superkafe_a'), 'orders', twice, options);
    const reads: string[] = [];
    const remembered = rememberUniqueness((...asked) => {
      reads.push(asked[2].name);
      return whyNotUnique(...asked);
    });
    const look = async () => {
      const manifest = await scanBackup({ path: root, root }, ['superkafe_a'], never);
      const [database] = manifest.databases;
      return database ? await refusedRequirements(configured, manifest, database, remembered, never) : [];
    };
    const found = await look();
    expect(await look()).toEqual(found);
    return { found, reads };
  }

  it('what only the configuration asks for is looked at, and the documents are read once', async () => {
    expect(await broken(required({ code: 1 }))).toEqual({
      found: ['the unique index code_1 of orders: the document 1 and the document 2 have the same code'],
      reads: ['code_1'],
    });
    expect(await broken(required({ code: 1 }, false))).toEqual({ found: [], reads: [] });
    const indexes = [{ v: 2, key: { code: 1 }, name: 'x', unique: true }];
    expect(await broken(required({ code: 1 }), { indexes })).toEqual({ found: [], reads: [] });
  });

  it('another index of the backup under the same name is in its way', async () => {
    const indexes = [{ v: 2, key: { code: 1 }, name: 'code_1', unique: true }];
    const found = ['the index code_1 of orders: the backup has another one under this name'];
    expect(await broken(required({ code: 1 }, false), { indexes })).toEqual({ found, reads: [] });
  });

  it('what follows other rules than those of plain values is not said to be unique', async () => {
    const collated = await broken(required({ code: 1 }), { options: { collation: { locale: 'de', strength: 1 } } });
    expect(collated.found).toEqual([expect.stringContaining('the collection has a collation')]);
    const { found } = await broken(required({ code: '2dsphere' }));
    expect(found).toEqual([expect.stringContaining('cannot be told beforehand of such a kind of index')]);
  });
});
