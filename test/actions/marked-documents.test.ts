import { expect, test } from 'vitest';
import { findCreated, findMentions } from '../../src/actions/verify/marked-documents.ts';
import { createMongoReader } from '../../src/adapters/mongo/reader.ts';
import { fill, startMongo } from '../adapters/mongo/mongo-fixture.ts';
import { openTarget } from './target.ts';
import { creates, probes } from './verify-stage.ts';

test('a marked document is found in whatever collection of its own tenant, and mentions however they are written', async () => {
  await using mongo = await startMongo();
  await using reader = createMongoReader(mongo.connection(mongo.users.observer));
  const legacyDatabases = ['a', 'b'].map((tenant) => ({
    name: `superkafe_${tenant}`,
    tenant,
    policy: 'leave' as const,
  }));
  using target = openTarget({ ...probes({ creates: { ...creates, idField: 'data.id' } }), mongo: { legacyDatabases } });
  Object.assign(target.world, { legacy: reader });
  const sent = 'test rbk01234';
  await fill(mongo.admin, 'superkafe_a.menus', [{ _id: 1, id: 77, name: sent }, { _id: 2, name: 'test' }, { _id: 3 }]);
  await fill(mongo.admin, 'superkafe_a.logs', [
    { _id: 4, count: 5, list: [1], text: `made TEST-RBK01234`, none: null },
  ]);
  await fill(mongo.admin, 'superkafe_b.menus', [{ _id: 5, name: sent }]);
  const document = { tenant: 'a', mark: 'rbk01234' };
  expect(await findCreated(target.context(), document)).toEqual([{ collection: 'menus', id: '77' }]);
  const mentions = await findMentions(target.context(), document);
  expect(mentions.toSorted((a, b) => a.collection.localeCompare(b.collection))).toEqual([
    { collection: 'logs', id: '4' },
    { collection: 'menus', id: '77' },
  ]);
  expect(await findMentions(target.context(), { tenant: 'a', mark: 'rbk99' })).toEqual([]);
});

test('a marked document is found in a main database that tenants share, whomever it was stored for', async () => {
  await using mongo = await startMongo();
  await using reader = createMongoReader(mongo.connection(mongo.users.observer));
  const main = { name: 'superkafe_main', tenantField: 'cafe', policy: 'leave' as const };
  using target = openTarget({ ...probes({ creates }), mongo: { legacyDatabases: [main] } });
  Object.assign(target.world, { legacy: reader });
  await fill(mongo.admin, 'superkafe_main.menus', [{ _id: 1, cafe: 'b', name: 'test rbk01234' }]);
  const found = await findCreated(target.context(), { tenant: 'a', mark: 'rbk01234' });
  expect(found).toEqual([{ collection: 'menus', id: '1' }]);
});
