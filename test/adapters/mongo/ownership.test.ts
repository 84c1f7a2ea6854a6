import { type Document, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MongoReader } from '../../../src/adapters/mongo/contract.ts';
import { legacyHomes } from '../../../src/adapters/mongo/legacy-homes.ts';
import { createLegacyOwnership } from '../../../src/adapters/mongo/legacy-ownership.ts';
import { legacyTenantNames, tenantsFromLegacy } from '../../../src/adapters/mongo/legacy-tenants.ts';
import type { DocumentOwnership } from '../../../src/adapters/mongo/ownership.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import type { MongoConfig } from '../../../src/adapters/mongo/schema.ts';
import { createUnifiedOwnership, tenantsFromUnified } from '../../../src/adapters/mongo/unified-ownership.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { dropAll, fill, type MongoFixture, never, startMongo, UNIFIED } from './mongo-fixture.ts';

let mongo: MongoFixture;
let reader: MongoReader;

beforeAll(async () => {
  mongo = await startMongo();
  reader = createMongoReader(mongo.connection(mongo.users.observer));
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await mongo[Symbol.asyncDispose]();
});

const route = { collection: 'menuitems', idField: '_id', sameWhen: [] as string[] };
const alike = { ...route, sameWhen: ['name', 'price'] };
const tenantIds = { a: new ObjectId(), b: new ObjectId(), c: new ObjectId() };
const ids = (documents: readonly Document[]) => documents.map(({ _id }) => String(_id));
const item = (name: string, owner: Document, price = 1) => ({ _id: new ObjectId(), name, price, ...owner });

beforeEach(async () => {
  await dropAll(mongo.admin);
  const tenants = Object.entries(tenantIds).map(([slug, _id]) => ({ _id, slug, dbName: `superkafe_${slug}` }));
  await fill(mongo.admin, `${UNIFIED}.tenants`, [...tenants]);
});

test('tenants are listed with their ids as text', async () => {
  expect(await tenantsFromUnified(reader, mongo.config, never)).toContainEqual({
    slug: 'a',
    tenantId: tenantIds.a.toHexString(),
    legacyDatabase: 'superkafe_a',
    active: true,
  });
});

test('a tenant is inactive only where its entry says so, and one without a slug is no tenant', async () => {
  const closed = { _id: new ObjectId(), slug: 'closed', isActive: false };
  const open = { _id: new ObjectId(), slug: 'open', isActive: true };
  await fill(mongo.admin, `${UNIFIED}.tenants`, [closed, open, { _id: new ObjectId() }]);
  const found = await tenantsFromUnified(reader, mongo.config, never);
  const activeBySlug = Object.fromEntries(found.map(({ slug, active }) => [slug, active]));
  expect(activeBySlug).toEqual({ a: true, b: true, c: true, closed: false, open: true });
});

test('a document belongs to its stored tenant; without one to everyone; unknown ones are not in the map', async () => {
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  const documents = [
    item('latte', { tenantId: tenantIds.a }),
    item('mocha', { tenantId: tenantIds.b.toHexString() }),
    item('unit', {}),
    item('nothing', { tenantId: null }),
    item('stray', { tenantId: new ObjectId() }),
  ];
  await fill(mongo.admin, `${UNIFIED}.menuitems`, documents);
  const [latte, mocha, unit, nothing] = ids(documents);
  const owners = await ownership.ownersOf(route, [...ids(documents), new ObjectId().toHexString(), '{"a":1}'], never);
  expect(owners).toEqual(
    new Map<unknown, unknown>([
      [latte, ['a']],
      [mocha, ['b']],
      [unit, 'everyone'],
      [nothing, 'everyone'],
    ]),
  );
});

test('a business id that several tenants use belongs to all of them', async () => {
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  await fill(mongo.admin, `${UNIFIED}.menuitems`, [
    { id: 7, tenantId: tenantIds.a },
    { id: '7', tenantId: tenantIds.b },
  ]);
  const owners = await ownership.ownersOf({ ...route, idField: 'id' }, ['7'], never);
  expect(owners.get('7')).toHaveLength(2);
  expect(owners.get('7')).toEqual(expect.arrayContaining(['a', 'b']));
});

test('an id is looked up in the field of the database, whatever the answer calls it', async () => {
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  const [mine, other] = [item('latte', { tenantId: tenantIds.a, id: 'x' }), item('mocha', { tenantId: tenantIds.b })];
  await fill(mongo.admin, `${UNIFIED}.menuitems`, [mine, other]);
  for (const sameWhen of [[], ['name']]) {
    const shownAsId = { ...route, idField: 'id', storedIdField: '_id', sameWhen };
    expect([...(await ownership.ownersOf(shownAsId, ids([mine, other]), never))]).toEqual([
      [String(mine._id), ['a']],
      [String(other._id), ['b']],
    ]);
    expect(await ownership.foreignId(shownAsId, 'a', never)).toBe(String(other._id));
  }
});

test('documents that are the same to a reader belong to all tenants that have them', async () => {
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  const documents = [
    item('latte', { tenantId: tenantIds.a }),
    item('latte', { tenantId: tenantIds.b }),
    item('latte', { tenantId: tenantIds.c }, 2),
    item('mocha', { tenantId: tenantIds.a }),
    item('mocha', {}),
  ];
  await fill(mongo.admin, `${UNIFIED}.menuitems`, documents);
  const owners = await ownership.ownersOf(alike, ids(documents), never);
  expect([...owners.values()]).toEqual([['a', 'b'], ['b', 'a'], ['c'], 'everyone', 'everyone']);
  const askedByA = await ownership.ownersOf(alike, ids(documents), never, 'a');
  expect(ids(documents).map((id) => askedByA.get(id))).toEqual([['a'], ['b', 'a'], ['c'], ['a'], 'everyone']);
});

test('the foreign document to ask for belongs to others only', async () => {
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  const secret = item('secret of b', { tenantId: tenantIds.b });
  await fill(mongo.admin, `${UNIFIED}.menuitems`, [
    item('latte', { tenantId: tenantIds.a }),
    item('unit', {}),
    item('latte', { tenantId: tenantIds.b }),
    secret,
  ]);
  expect(await ownership.foreignId(alike, 'a', never)).toBe(secret._id.toHexString());
  await mongo.admin.db(UNIFIED).collection('menuitems').deleteOne({ _id: secret._id });
  expect(await ownership.foreignId(alike, 'a', never)).toBeUndefined();
});

test('what the unified system has left in a legacy main database that is its own belongs to nobody', async () => {
  const main = {
    name: UNIFIED,
    policy: 'merge' as const,
    onDifferent: 'ask' as const,
    requiredIndexes: [],
    collections: ['users'],
  };
  const own = mongo.config.legacyDatabases.filter(({ tenant }) => tenant !== undefined);
  const ownership = createLegacyOwnership(reader, { ...mongo.config, legacyDatabases: [main, ...own] }, systemClock);
  const documents = [item('latte', {}), item('of b', {})];
  await fill(mongo.admin, `${UNIFIED}.menuitems`, documents);
  await fill(mongo.admin, 'superkafe_b.menuitems', documents);
  await fill(mongo.admin, `${UNIFIED}.users`, documents);
  expect([...(await ownership.ownersOf(route, ids(documents), never)).values()]).toEqual([['b'], ['b']]);
  const ofUsers = await ownership.ownersOf({ ...route, collection: 'users' }, ids(documents), never);
  expect([...ofUsers.values()]).toEqual(['everyone', 'everyone']);
});

test('in the legacy databases a document belongs to the tenant of its database', async () => {
  const ownership: DocumentOwnership = createLegacyOwnership(reader, mongo.config, systemClock);
  const documents = { a: item('latte', {}), b: item('latte', {}), main: item('unit', {}), secret: item('secret', {}) };
  await fill(mongo.admin, 'superkafe_a.menuitems', [documents.a]);
  await fill(mongo.admin, 'superkafe_b.menuitems', [documents.b, documents.secret]);
  await fill(mongo.admin, 'superkafe_main.menuitems', [documents.main]);
  const asked = ids(Object.values(documents));
  expect([...(await ownership.ownersOf(route, asked, never)).values()]).toEqual([['a'], ['b'], ['b'], 'everyone']);
  const owners = await ownership.ownersOf(alike, asked, never);
  expect(owners.get(String(documents.b._id))).toEqual(expect.arrayContaining(['a', 'b']));
  expect(await ownership.foreignId(alike, 'a', never)).toBe(String(documents.secret._id));
});

/** A main database that both tenants share; `a` has one of its own beside it. */
const shared = (legacyTenants: boolean): MongoConfig => ({
  ...mongo.config,
  legacyDatabases: mongo.config.legacyDatabases
    .filter(({ name }) => name !== 'superkafe_b')
    .map((each) => (each.name === 'superkafe_main' ? { ...each, tenantField: 'cafe' } : each)),
  legacyTenants: legacyTenants
    ? { database: 'superkafe_main', collection: 'tenants', slugField: 'slug', activeField: 'isActive' }
    : undefined,
});
/** Other ids than the unified ones. */
const legacyIds = { a: new ObjectId(), b: new ObjectId() };
const listTenants = () =>
  fill(
    mongo.admin,
    'superkafe_main.tenants',
    Object.entries(legacyIds).map(([slug, _id]) => ({ _id, slug })),
  );

test('in a shared legacy database a document belongs to the tenant that it names, by id or by slug', async () => {
  await listTenants();
  const documents = [
    item('by id', { cafe: legacyIds.a }),
    item('by text', { cafe: legacyIds.b.toHexString() }),
    item('by slug', { cafe: 'b' }),
    item('of nobody', {}),
    item('of the unified id', { cafe: tenantIds.a }),
    item('of a stranger', { cafe: 'gone' }),
  ];
  await fill(mongo.admin, 'superkafe_main.menuitems', documents);
  const own = item('own', {});
  await fill(mongo.admin, 'superkafe_a.menuitems', [own]);
  const ownership = createLegacyOwnership(reader, shared(true), systemClock);
  const owners = await ownership.ownersOf(route, ids([...documents, own]), never);
  const named = [...documents, own].map(({ name, _id }) => [name, owners.get(String(_id))]);
  expect(Object.fromEntries(named)).toEqual({
    'by id': ['a'],
    'by text': ['b'],
    'by slug': ['b'],
    'of nobody': 'everyone',
    own: ['a'],
  });
  expect(ids(documents.slice(1, 3))).toContain(await ownership.foreignId(route, 'a', never));
  expect(await ownership.foreignId(route, 'b', never)).toBe(ids([own])[0]);
});

test('without a list of tenants a shared legacy database names them by slug', async () => {
  const [mine, other, unit] = [item('mine', { cafe: 'a' }), item('other', { cafe: 'b' }), item('unit', {})];
  await fill(mongo.admin, 'superkafe_main.menuitems', [mine, other, unit]);
  const ownership = createLegacyOwnership(reader, shared(false), systemClock);
  const owners = await ownership.ownersOf(route, ids([mine, other, unit]), never);
  expect([...owners.values()]).toEqual([['a'], ['b'], 'everyone']);
  expect(await ownership.foreignId(route, 'a', never)).toBe(String(other._id));
});

test('what a tenant may be shown of a shared legacy database is its own and what names nobody', async () => {
  await listTenants();
  const documents = [item('a', { cafe: legacyIds.a }), item('b', { cafe: 'b' }), item('unit', {})];
  await fill(mongo.admin, 'superkafe_main.menuitems', documents);
  const names = await legacyTenantNames(reader, shared(true), never);
  const homes = legacyHomes(shared(true), names, { tenant: 'a', collection: 'menuitems' });
  expect(homes.map(({ database }) => database)).toEqual(['superkafe_a', 'superkafe_main']);
  const found = async (filter: Record<string, unknown> = {}) => {
    const namespace = { database: 'superkafe_main', collection: 'menuitems' };
    return (await reader.find(namespace, filter, { fields: ['name'], limit: 9 }, never)).map(({ name }) => name);
  };
  expect(await found(homes[1]?.own)).toEqual(['a']);
  expect(await found(homes[1]?.shown)).toEqual(['a', 'unit']);
});

test('the legacy list says whom the legacy version serves; there is none where none is configured', async () => {
  await listTenants();
  await fill(mongo.admin, 'superkafe_main.tenants', [{ slug: 'closed', isActive: false }, { name: 'no slug' }]);
  const listed = await tenantsFromLegacy(reader, shared(true), never);
  expect(listed.map(({ slug, active }) => [slug, active])).toEqual([
    ['a', true],
    ['b', true],
    ['closed', false],
  ]);
  expect(await tenantsFromLegacy(reader, shared(false), never)).toEqual([]);
});

test('documents of a tenant that nobody knows any more hide no foreign one', async () => {
  const gone = Array.from({ length: 60 }, (_, index) => item(`gone ${index}`, { tenantId: new ObjectId() }));
  const secret = item('secret of b', { tenantId: tenantIds.b });
  await fill(mongo.admin, `${UNIFIED}.menuitems`, [...gone, secret]);
  const ownership = createUnifiedOwnership(reader, mongo.config, systemClock);
  expect(await ownership.foreignId(route, 'a', never)).toBe(String(secret._id));
});

test('a tenant that the legacy list lacks is named by its slug', async () => {
  await listTenants();
  const own = item('own', { cafe: 'newcomer' });
  await fill(mongo.admin, 'superkafe_main.menuitems', [own]);
  const names = await legacyTenantNames(reader, shared(true), never);
  expect(names.valuesOf('newcomer')).toEqual(['newcomer']);
  expect(names.ofOthers('newcomer').$in).toEqual(expect.arrayContaining(['a', legacyIds.b]));
});
