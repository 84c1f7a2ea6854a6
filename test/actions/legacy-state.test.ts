import { expect, it } from 'vitest';
import { readLegacyState } from '../../src/actions/legacy-state.ts';
import type { LegacyDatabase } from '../../src/adapters/mongo/schema.ts';
import type { IndexDefinition } from '../../src/model/backup.ts';
import { backedUp, collection, idIndex, manifestOf, type StoredCollection } from './stored.ts';
import { openTarget } from './target.ts';

const kopi: LegacyDatabase = { name: 'cafe_kopi', policy: 'restore', onDifferent: 'replace', requiredIndexes: [] };
const expiring: IndexDefinition = {
  name: 'old',
  key: [
    ['at', 1],
    ['by', 1],
  ],
  options: { expireAfterSeconds: 5 },
};
const byName: IndexDefinition = { name: 'name_1', key: [['name', 1]], options: {} };

const menus = (count: number, ...indexes: IndexDefinition[]): StoredCollection => ({
  ...collection('menus', count),
  indexes: [idIndex, ...indexes],
});

const signal = new AbortController().signal;

/** What is found where the server holds one and the backup the other. */
function found(there: StoredCollection, backup: StoredCollection) {
  using target = openTarget();
  target.state.legacy.cafe_kopi = [there];
  const manifest = manifestOf({ ...backedUp(), cafe_kopi: [backup] });
  return readLegacyState(target.world, kopi, manifest, signal);
}

it.each([
  ['be restored', menus(3)],
  ['get that index', menus(2)],
])('a database that is to %s is refused where no server builds an index of its backup any more', async (_, there) => {
  await expect(found(there, menus(2, expiring))).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(/cafe_kopi could not be restored: .*index old of menus: only an index of one field/),
  });
});

it('an index that no server builds any more may stay where an old one has kept it', async () => {
  expect(await found(menus(2, expiring), menus(2, expiring))).toMatchObject({ state: 'equal' });
});

it('another index under a name of the backup is to be restored, a missing one only to be built', async () => {
  const unique = { ...byName, options: { unique: true } };
  expect(await found(menus(2, unique), menus(2, byName))).toMatchObject({ state: 'different' });
  expect(await found(menus(2), menus(2, byName))).toMatchObject({ state: 'equal' });
});

it('a time series under the name of a collection of the backup is refused: it would be dropped, and nothing keeps it', async () => {
  using target = openTarget();
  target.state.timeSeries = { cafe_kopi: ['menus', 'weather'] };
  const reading = readLegacyState(target.world, kopi, target.state.manifest, signal);
  await expect(reading).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('menus of cafe_kopi would be dropped'),
  });
  target.state.timeSeries = { cafe_kopi: ['weather'] };
  expect(await readLegacyState(target.world, kopi, target.state.manifest, signal)).toMatchObject({
    state: 'different',
  });
});

it('an index that a merged collection lacks is said once, where the backup and the configuration both ask for it', async () => {
  const merged: LegacyDatabase = {
    name: 'cafe_v2',
    policy: 'merge',
    onDifferent: 'ask',
    collections: ['menus'],
    requiredIndexes: [
      { collection: 'menus', key: { name: 1 }, unique: false },
      { collection: 'menus', key: { price: 1 }, unique: false },
    ],
  };
  using target = openTarget({ mongo: { legacyDatabases: [merged] } });
  target.state.unified = [menus(2)];
  const manifest = manifestOf({ cafe_v2: [menus(2, byName)] });
  expect((await readLegacyState(target.world, merged, manifest, signal)).differences).toEqual([
    'menus lacks the index name_1',
    'it lacks the index price_1 of menus',
  ]);
});
