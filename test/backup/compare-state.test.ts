import { expect, test } from 'vitest';
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
