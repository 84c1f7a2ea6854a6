import { describe, expect, test } from 'vitest';
import type { CollectionState } from '../../src/adapters/mongo/contract.ts';
import { compareState } from '../../src/backup/compare-state.ts';
import type { DatabaseManifest, IndexDefinition } from '../../src/model/backup.ts';

const id: IndexDefinition = { name: '_id_', key: [['_id', 1]], options: {} };
const byCategory: IndexDefinition = { name: 'category_1', key: [['category', 1]], options: { unique: true } };

const state = (collection: string, changed: Partial<CollectionState> = {}): CollectionState => ({
  collection,
  documents: 3,
  bytes: 90,
  digest: 'aa',
  indexes: [id, byCategory],
  ...changed,
});

const manifest: DatabaseManifest = {
  database: 'superkafe_a',
  location: 'superkafe_a',
  collections: ['menuitems', 'orders'].map((name) => ({
    ...state(name),
    indexes: [id, byCategory],
    fileHash: 'ff',
  })),
};

test('the same documents and indexes are equal', () => {
  expect(compareState(manifest, [state('orders'), state('menuitems')])).toEqual({
    verdict: 'equal',
    differences: [],
    extraCollections: [],
    expired: [],
    missingIndexes: [],
    needsRestore: false,
  });
});

test('a database without ordinary collections is absent', () => {
  expect(compareState(manifest, [])).toMatchObject({ verdict: 'absent', needsRestore: true });
  expect(compareState(manifest, [state('system.profile')])).toMatchObject({ verdict: 'absent', extraCollections: [] });
});

test('an extra collection is named and makes no difference', () => {
  const found = compareState(manifest, [state('orders'), state('menuitems'), state('shifts')]);
  expect(found).toMatchObject({ verdict: 'equal', extraCollections: ['shifts'] });
});

test('an index that only the server has makes no difference', () => {
  const extra: IndexDefinition = { name: 'name_1', key: [['name', 1]], options: {} };
  const found = compareState(manifest, [state('orders', { indexes: [id, extra, byCategory] }), state('menuitems')]);
  expect(found.verdict).toBe('equal');
});

test.each([
  ['a missing collection', [state('orders')], 'menuitems is missing (3 documents in the backup)'],
  ['another count', [state('orders', { documents: 2 }), state('menuitems')], 'orders has 2 documents instead of 3'],
  [
    'another digest',
    [state('orders', { digest: 'bb' }), state('menuitems')],
    'orders has 3 documents, but not the same',
  ],
])('%s differs in its documents', (_, found, words) => {
  const comparison = compareState(manifest, found);
  expect(comparison).toMatchObject({ verdict: 'different', needsRestore: true });
  expect(comparison.differences).toEqual([expect.stringContaining(words)]);
});

describe('where the server deletes documents by itself', () => {
  const byAge: IndexDefinition = { name: 'at_1', key: [['at', 1]], options: { expireAfterSeconds: 60 } };
  const ofTwo: IndexDefinition = { ...byAge, key: [...byAge.key, ['by', 1]] };
  const compared = (held: Partial<CollectionState>, there: Partial<CollectionState>) => {
    const indexes = [...(held.indexes ?? [id, byAge])];
    const options = held.options && { options: held.options };
    const collections = [{ ...state('orders'), ...options, indexes, fileHash: 'ff' }];
    return compareState({ ...manifest, collections }, [state('orders', { indexes, ...there })]);
  };

  test('fewer are no difference, and are said', () => {
    const gone = [{ collection: 'orders', documents: 2 }];
    const fewer = { documents: 1, digest: 'bb' };
    expect(compared({}, fewer)).toMatchObject({ verdict: 'equal', needsRestore: false, expired: gone });
    const options = { clusteredIndex: { name: 'x' }, expireAfterSeconds: 60 };
    expect(compared({ indexes: [], options }, { ...fewer, options })).toMatchObject({
      verdict: 'equal',
      expired: gone,
    });
  });

  test.each<[string, Partial<CollectionState>, Partial<CollectionState>, string]>([
    ['more documents', {}, { documents: 4, digest: 'bb' }, 'orders has 4 documents instead of 3'],
    ['as many that are other ones', {}, { digest: 'bb' }, 'orders has 3 documents, but not the same ones'],
    ['other options', {}, { options: { capped: true } }, 'orders has another capped'],
    [
      'fewer, with an index of two fields, by which none expires',
      { indexes: [id, ofTwo] },
      { documents: 1 },
      'orders has 1 doc',
    ],
    [
      'fewer, without the index by which they would have expired',
      {},
      { documents: 1, indexes: [id] },
      'orders has 1 documents',
    ],
    ['another index', {}, { indexes: [id, { ...byAge, options: {} }] }, 'another index under the name at_1'],
    [
      'such an index that only the server has',
      { indexes: [id] },
      { indexes: [id, byAge] },
      'orders has the index at_1, by which',
    ],
  ])('%s differ', (_, held, there, words) => {
    const found = compared(held, there);
    expect(found).toMatchObject({ verdict: 'different', needsRestore: true, expired: [] });
    expect(found.differences[0]).toContain(words);
  });
});

test('a missing index differs, can be mended, and the documents are equal', () => {
  expect(compareState(manifest, [state('orders', { indexes: [id] }), state('menuitems')])).toMatchObject({
    verdict: 'different',
    differences: ['orders lacks the index category_1'],
    missingIndexes: [{ collection: 'orders', index: byCategory }],
    needsRestore: false,
  });
});

test('another index under the same name differs, and only a restore mends it', () => {
  const other = { ...byCategory, options: {} };
  const found = compareState(manifest, [state('orders', { indexes: [id, other] }), state('menuitems')]);
  expect(found).toMatchObject({ verdict: 'different', missingIndexes: [], needsRestore: true });
});
