import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { grantedRights } from '../../src/adapters/mongo/granted-rights.ts';
import { createIndexBuilder } from '../../src/adapters/mongo/index-builder.ts';
import { noJournal } from '../../src/adapters/mongo/its-journal.ts';
import { createLease } from '../../src/adapters/mongo/lease.ts';
import { createMongoReader } from '../../src/adapters/mongo/reader.ts';
import { createMongoTools } from '../../src/adapters/mongo/tools.ts';
import type { IndexDefinition } from '../../src/model/backup.ts';
import {
  dropAll,
  fill,
  loginOf,
  type MongoFixture,
  never,
  run,
  startMongo,
  UNIFIED,
} from '../adapters/mongo/mongo-fixture.ts';
import { environment, exampleWith } from '../config/example.ts';
import { rollbackd } from './command-line.ts';

const REFUSED = /not authorized/;
const password = 'given at the prompt';
const who = {
  observer: { user: 'rbObserver', password },
  dumper: { user: 'rbDumper', password },
  restorer: { user: 'rbRestorer', password },
};
const LEGACY = [
  { name: 'superkafe_a', tenant: 'negoes', policy: 'restore' },
  { name: 'superkafe_b', tenant: 'tenant2', policy: 'leave' },
  { name: 'superkafe_main', policy: 'merge', collections: ['users'] },
];

let mongo: MongoFixture;

beforeAll(async () => {
  mongo = await startMongo();
  // The sandbox has made some of the same names.
  for (const dropRole of ['rbObserve', 'rbRestore']) await mongo.admin.db('admin').command({ dropRole });
  await grantBy(await printed(await configured()));
});
afterAll(() => mongo[Symbol.asyncDispose]());
beforeEach(async () => {
  await dropAll(mongo.admin);
  for (const name of [UNIFIED, ...LEGACY.map((each) => each.name)])
    await fill(mongo.admin, `${name}.users`, [{ name }]);
});

/** The example with the databases of this server; its passwords stay references that nobody has set. */
async function configured(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { host, port } = mongo.server;
  const text = exampleWith({
    'mongo.unified': { host, port, database: UNIFIED },
    'mongo.legacy': { host, port },
    'mongo.legacyDatabases': LEGACY,
    baseline: {},
    ...changes,
  });
  const file = join(await mkdtemp(join(mongo.folder, 'permissions-')), 'rollbackd.yaml');
  await writeFile(file, text);
  return file;
}

async function printed(file: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await rollbackd(['permissions', '--config', file, ...args]);
  expect([code, err]).toEqual([0, '']);
  return out;
}

interface Known {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/** Runs the script with the few things of mongosh that it uses, and gives each command to the server. Returns what it printed. */
async function grantBy(script: string, known: Known = { users: [], roles: [] }): Promise<string[]> {
  const commands: [string, Document][] = [];
  const lines: string[] = [];
  const database = (name: string) => ({
    getRole: (role: string) => (known.roles.includes(role) ? { role } : null),
    getUser: (user: string) => (known.users.includes(user) ? { user } : null),
    createRole: ({ role, ...content }: Document) => commands.push([name, { createRole: role, ...content }]),
    updateRole: (role: string, content: Document) => commands.push([name, { updateRole: role, ...content }]),
    createUser: ({ user, ...content }: Document) => commands.push([name, { createUser: user, ...content }]),
    updateUser: (user: string, content: Document) => commands.push([name, { updateUser: user, ...content }]),
  });
  runInNewContext(script, {
    db: { getSiblingDB: database },
    passwordPrompt: () => password,
    print: (line: string) => lines.push(line),
  });
  for (const [name, command] of commands) await mongo.admin.db(name).command(structuredClone(command));
  return lines;
}

async function as<Result>(purpose: keyof typeof who, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  await using client = await new MongoClient(mongo.server.uri(who[purpose])).connect();
  return await work(client);
}

async function stateOf(database: string) {
  await using reader = createMongoReader(mongo.connection(who.observer));
  return await reader.databaseState(database, never);
}

const insert = (purpose: keyof typeof who, database: string) =>
  as(purpose, async (client) => (await client.db(database).collection('users').insertOne({})).acknowledged);

test('the observer may look at everything that the daemon looks at, and hold the lease', async () => {
  const connection = mongo.connection(who.observer);
  await using reader = createMongoReader(connection);
  expect(await reader.ping(never)).toMatchObject({ writable: true });
  expect(await reader.databaseNames(never)).toContain(UNIFIED);
  expect(await reader.activity(never)).toHaveProperty('serverPid');
  for (const database of [UNIFIED, ...LEGACY.map(({ name }) => name)]) {
    expect(await reader.databaseState(database, never)).toMatchObject([{ collection: 'users', documents: 1 }]);
    expect(await reader.dataSize(database, never)).toBeGreaterThan(0);
    expect(await reader.count({ database, collection: 'users' }, {}, never)).toBe(1);
  }
  expect(await reader.clients(never)).toEqual(expect.any(Array));
  const target = { database: 'rollbackd', target: 'superkafe', holder: 'here', journal: noJournal, cutoverAt: 0 };
  await using lease = createLease({ connection, ...target });
  expect(await lease.acquire(60_000, never)).toMatchObject({ mine: true });
  await lease.note({ run: 'run-1', state: 'unfinished', since: 0 }, never);
  await lease.release(never);
});

test('dumper and restorer may do what a rollback does with the real programs', async () => {
  const users = { observer: loginOf(who.observer), dumper: loginOf(who.dumper), restorer: loginOf(who.restorer) };
  const tools = createMongoTools({
    config: { ...mongo.config, users },
    run,
    readOnly: run,
    passwordFolder: join(mongo.folder, 'passwords'),
  });
  const dump = await mkdtemp(join(mongo.folder, 'dump-'));
  await tools.dump({ side: 'unified', database: UNIFIED }, dump, never);
  for (const database of ['superkafe_a', 'superkafe_main']) await tools.dump({ side: 'legacy', database }, dump, never);
  await fill(mongo.admin, 'superkafe_a.users', [{ name: 'too much' }]);
  await tools.restore({ root: dump, gzip: false, database: 'superkafe_a' }, never);
  await tools.restore({ root: dump, gzip: false, database: 'superkafe_main', collections: ['users'] }, never);
  expect(await mongo.admin.db('superkafe_a').collection('users').countDocuments()).toBe(1);
  await mongo.admin.db('superkafe_a').command({ collMod: 'users', validator: { name: 'nobody' } });
  const validated = await mkdtemp(join(mongo.folder, 'dump-'));
  await tools.dump({ side: 'legacy', database: 'superkafe_a' }, validated, never);
  await tools.restore({ root: validated, gzip: false, database: 'superkafe_a' }, never);
  expect(await mongo.admin.db('superkafe_a').collection('users').countDocuments()).toBe(1);
  await using indexes = createIndexBuilder(mongo.connection(who.restorer), mongo.config);
  const index: IndexDefinition = { name: 'name_1', key: [['name', 1]], options: {} };
  await indexes.create({ database: 'superkafe_a', collection: 'users' }, index, never);
});

test.each(['observer', 'dumper', 'restorer'] as const)('the %s cannot write the unified database', async (purpose) => {
  await expect(insert(purpose, UNIFIED)).rejects.toThrow(REFUSED);
  await expect(as(purpose, (client) => client.db(UNIFIED).dropDatabase())).rejects.toThrow(REFUSED);
  await expect(as(purpose, (client) => client.db(UNIFIED).dropCollection('users'))).rejects.toThrow(REFUSED);
});

test('nobody writes a database that is left alone, one that is not listed, or the users', async () => {
  for (const purpose of ['observer', 'dumper', 'restorer'] as const) {
    for (const database of ['superkafe_b', 'superkafe_unheard_of', 'admin']) {
      await expect(insert(purpose, database), `${purpose} in ${database}`).rejects.toThrow(REFUSED);
    }
  }
  await expect(insert('dumper', 'rollbackd')).rejects.toThrow(REFUSED);
});

test('with policy merge the restorer replaces the named collections of a database, whatever they are, and can write no other', async () => {
  const named = ['shown', 'last', 'users'];
  const main = { name: 'superkafe_main', policy: 'merge', collections: named };
  const known = { users: Object.values(who).map(({ user }) => user), roles: ['rbObserve', 'rbRestore'] };
  const others = LEGACY.filter(({ name }) => name !== main.name);
  await grantBy(await printed(await configured({ 'mongo.legacyDatabases': [...others, main] })), known);
  const database = mongo.admin.db('superkafe_main');
  await database.createCollection('last', { capped: true, size: 4_096 });
  await database.createCollection('shown', { viewOn: 'orders', pipeline: [] });
  await database.collection('orders').insertOne({ kept: true });
  await database.collection('users').createIndex({ name: 1 }, { unique: true });
  await database.command({ collMod: 'users', validator: { name: 'nobody' } });
  const users = { observer: loginOf(who.observer), dumper: loginOf(who.dumper), restorer: loginOf(who.restorer) };
  const legacyDatabases = mongo.config.legacyDatabases.map((each) =>
    each.name === main.name ? { ...each, collections: named } : each,
  );
  const config = { ...mongo.config, users, legacyDatabases };
  const tools = createMongoTools({ config, run, readOnly: run, passwordFolder: join(mongo.folder, 'passwords') });
  const dump = await mkdtemp(join(mongo.folder, 'dump-'));
  await tools.dump({ side: 'legacy', database: main.name }, dump, never);
  const before = await stateOf(main.name);
  await database.collection('users').deleteMany({});
  for (const present of [true, false]) {
    if (!present) for (const name of named) await database.collection(name).drop();
    await tools.restore({ root: dump, gzip: false, database: main.name, collections: named }, never);
    expect(await stateOf(main.name)).toEqual(before);
  }
  for (const refused of [
    (own: Db) => own.collection('orders').insertOne({}),
    (own: Db) => own.collection('orders').drop(),
    (own: Db) => own.collection('orders').createIndex({ kept: 1 }),
    (own: Db) => own.collection('users').rename('orders', { dropTarget: true }),
    (own: Db) => own.createCollection('another'),
    (own: Db) => own.dropDatabase(),
  ]) {
    await expect(as<unknown>('restorer', (client) => refused(client.db(main.name)))).rejects.toThrow(REFUSED);
  }
  await grantBy(await printed(await configured()), known);
});

test('run again it gives rights on a database that has joined, and leaves the passwords alone', async () => {
  const known = { users: Object.values(who).map(({ user }) => user), roles: ['rbObserve', 'rbRestore'] };
  const joined = [...LEGACY, { name: 'superkafe_c', tenant: 'newcomer', policy: 'restore' }];
  const file = await configured({
    'mongo.legacyDatabases': joined,
    'target.tenants.2': { slug: 'newcomer' },
  });
  await expect(insert('restorer', 'superkafe_c')).rejects.toThrow(REFUSED);
  expect(await grantBy(await printed(file), known)).toHaveLength(3);
  expect(await insert('restorer', 'superkafe_c')).toBe(true);
});

test('prints nothing for a configuration by which the unified database would be restored into', async () => {
  const file = await configured({ 'mongo.legacyDatabases': [...LEGACY, { name: UNIFIED, policy: 'restore' }] });
  const { code, out, err } = await rollbackd(['permissions', '--config', file]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`is the unified database ${UNIFIED}`);
  expect(err).toContain('next: mend it');
  expect(err, 'a missing password is no fault here').not.toContain('PASSWORD');
});

test('where the legacy main database is the unified one, gives exactly the collections that are merged there', async () => {
  const main = { name: UNIFIED, policy: 'merge', collections: ['users'] };
  const script = await printed(
    await configured({ 'mongo.legacyDatabases': [LEGACY[0], LEGACY[1], main], 'mongo.legacyTenants': null }),
  );
  const known = { users: Object.values(who).map(({ user }) => user), roles: ['rbObserve', 'rbRestore'] };
  await grantBy(script, known);
  expect(await insert('restorer', UNIFIED)).toBe(true);
  for (const purpose of ['observer', 'dumper'] as const) {
    await expect(insert(purpose, UNIFIED)).rejects.toThrow(REFUSED);
  }
  await expect(as('restorer', (client) => client.db(UNIFIED).collection('menus').insertOne({}))).rejects.toThrow(
    REFUSED,
  );
  await expect(as('restorer', (client) => client.db(UNIFIED).dropDatabase())).rejects.toThrow(REFUSED);
  await grantBy(await printed(await configured()), known);
  await expect(insert('restorer', UNIFIED), 'taken away again').rejects.toThrow(REFUSED);
});

test('asks for one of two servers, and prints for each only what lies there', async () => {
  const file = await configured({ 'mongo.legacy': { host: 'elsewhere.example', port: 27017 } });
  const { code, err } = await rollbackd(['permissions', '--config', file]);
  expect([code, err]).toEqual([1, expect.stringContaining('--server unified, then --server legacy')]);
  const [unified, legacy] = [await printed(file, '--server', 'unified'), await printed(file, '--server', 'legacy')];
  expect(unified).not.toContain('superkafe_a');
  expect(unified).not.toContain('rbRestorer');
  expect(legacy).toContain('--host elsewhere.example --port 27017');
  expect(legacy).not.toContain(UNIFIED);
});

test('cannot do without anything but passwords', async () => {
  const named = '$' + '{UNIFIED_DATABASE}';
  const file = await configured({ 'mongo.unified.database': named });
  const { code, err } = await rollbackd(['permissions', '--config', file]);
  expect([code, err]).toEqual([1, expect.stringContaining('the environment variable UNIFIED_DATABASE is not set')]);
  expect(err).not.toContain('PASSWORD');
});

describe('through the driver', () => {
  const named = async () => {
    const user = (name: string) => ({ user: name, password });
    const users = { observer: user('rbWatcher'), dumper: user('rbKeeper'), restorer: user('rbMender') };
    return await configured({ 'mongo.users': users });
  };
  const apply = async (file: string, uri = mongo.server.adminUri) =>
    rollbackd(['permissions', '--apply', '--config', file], { ...environment, ROLLBACKD_ADMIN_URI: uri });

  test('makes the users that are new, with the passwords of the configuration, and mends the roles of the others', async () => {
    const file = await named();
    const first = await apply(file);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/rbWatcher is made\n.*rbKeeper is made\n.*rbMender is made\n$/);
    const mender = { user: 'rbMender', password };
    await using client = await new MongoClient(mongo.server.uri(mender)).connect();
    await client.db('superkafe_a').collection('users').insertOne({});
    await expect(client.db(UNIFIED).collection('users').insertOne({})).rejects.toThrow(REFUSED);
    await mongo.admin.db('admin').command({ updateUser: 'rbMender', roles: [] });
    const second = await apply(file);
    expect(second.out).toMatch(/rbMender has the roles that it should have\n$/);
    await client.db('superkafe_a').collection('users').insertOne({});
  });

  test('says what is missing, and what is too much', async () => {
    await apply(await named());
    const login = (user: string) => loginOf({ user, password });
    const users = { observer: login('rbWatcher'), dumper: login('rbKeeper'), restorer: login('rbMender') };
    const rights = grantedRights({ ...mongo.config, users });
    expect([await rights.missing(never), await rights.excessive(never)]).toEqual([[], []]);
    await mongo.admin.db('admin').command({ updateUser: 'rbWatcher', roles: [{ role: 'read', db: UNIFIED }] });
    await mongo.admin.db('admin').command({ updateUser: 'rbKeeper', roles: [{ role: 'read', db: UNIFIED }] });
    const tooMuch = [UNIFIED, 'superkafe_a'].map((db) => ({ role: 'readWrite', db }));
    await mongo.admin.db('admin').command({ updateUser: 'rbMender', roles: tooMuch });
    const missing = (await rights.missing(never)).map(({ what }) => what);
    expect(missing).toContain(
      'The MongoDB user rbWatcher lacks serverStatus, inprog, top, listDatabases on the server',
    );
    expect(missing).toContainEqual(expect.stringMatching(/rbKeeper lacks find, .* on the database superkafe_a/));
    expect(missing).toContainEqual(
      expect.stringMatching(/rbMender lacks insert, .*dropCollection.* on the collection superkafe_main.users/),
    );
    expect(missing.filter((what) => what.includes('rbMender') && what.endsWith('superkafe_a'))).toEqual([
      'The MongoDB user rbMender lacks bypassDocumentValidation on the database superkafe_a',
    ]);
    expect((await rights.excessive(never)).map(({ what }) => what)).toEqual([
      `The MongoDB user rbMender can write into ${UNIFIED}`,
    ]);
  });

  test('says what to do where no administrator is named, or the wrong one', async () => {
    const file = await named();
    const none = await apply(file, '');
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringMatching(/ROLLBACKD_ADMIN_URI is not set.*next: set it to the URI/s),
    ]);
    const wrong = await apply(file, mongo.server.uri({ user: 'nobody', password: 'hush' }));
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('refuses the login')]);
    expect(wrong.err).not.toContain('hush');
  });
});
