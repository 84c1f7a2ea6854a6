import { mkdir, mkdtemp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MongoReader } from '../../../src/adapters/mongo/contract.ts';
import { createIndexBuilder } from '../../../src/adapters/mongo/index-builder.ts';
import { leftPasswords, withPasswordFile } from '../../../src/adapters/mongo/password-file.ts';
import { createMongoReader } from '../../../src/adapters/mongo/reader.ts';
import type { MongoConfig } from '../../../src/adapters/mongo/schema.ts';
import { createMongoTools } from '../../../src/adapters/mongo/tools.ts';
import { compareState } from '../../../src/backup/compare-state.ts';
import { scanBackup } from '../../../src/backup/scan.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { RunCommand } from '../../../src/exec/contract.ts';
import { writeCollection } from '../../backup/dump-writer.ts';
import { dropAll, fill, type MongoFixture, never, run, startMongo, UNIFIED } from './mongo-fixture.ts';

let mongo: MongoFixture;
let reader: MongoReader;
let dump: string;
let passwordFolder: string;

beforeAll(async () => {
  mongo = await startMongo();
  reader = createMongoReader(mongo.connection(mongo.users.observer));
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await mongo[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await dropAll(mongo.admin);
  dump = await mkdtemp(join(mongo.folder, 'dump-'));
  passwordFolder = await mkdtemp(join(mongo.folder, 'tmp-'));
});

const toolsWith = (changed: Partial<MongoConfig> = {}, runCommand: RunCommand = run) =>
  createMongoTools({ config: { ...mongo.config, ...changed }, run: runCommand, readOnly: runCommand, passwordFolder });
const restore = (database = 'superkafe_a', root = dump) => ({ root, gzip: false, database });
const scan = (database: string, root = dump) => scanBackup({ path: root, root }, [database], never);
const stateOf = (database: string) => reader.databaseState(database, never);

interface Named {
  readonly _id: string;
}

async function fillCafe(database: string): Promise<void> {
  const orders = Array.from({ length: 500 }, (_, id) => ({ _id: id, total: id * 1.5, at: new Date(4e12 + id) }));
  await fill(mongo.admin, `${database}.orders`, orders);
  await fill(mongo.admin, `${database}.odd/na*me%`, [{ text: 'ä' }]);
  const db = mongo.admin.db(database);
  await db.createCollection('empty');
  await db.createCollection('large', { viewOn: 'orders', pipeline: [{ $match: { total: { $gt: 9 } } }] });
  await db.collection('orders').createIndex({ at: 1 }, { expireAfterSeconds: 3_600 });
  await db.collection('orders').createIndex({ total: 1 }, { partialFilterExpression: { at: { $gt: new Date(5) } } });
  await db.collection('orders').createIndex({ note: 'text' }, { weights: { note: 3 }, default_language: 'none' });
  await db.collection('orders').createIndex({ 'items.$**': 1 });
  await db.collection('orders').createIndex({ at: 1, total: -1 });
  await db.collection('orders').createIndex({ code: 1 }, { unique: true, sparse: true, collation: { locale: 'de' } });
}

test('what is dumped, changed and restored is equal again, indexes and all', async () => {
  await fillCafe('superkafe_a');
  const tools = toolsWith();
  const report = await tools.dump({ side: 'legacy', database: 'superkafe_a' }, dump, never);
  expect(report.documents).toEqual({ orders: 500, 'odd/na*me%': 1, empty: 0 });
  const [manifest] = (await scan('superkafe_a')).databases;
  if (!manifest) throw new Error('nothing was dumped');
  expect(compareState(manifest, await stateOf('superkafe_a')).differences).toEqual([]);

  const db = mongo.admin.db('superkafe_a');
  await db.collection('orders').deleteMany({ total: { $gt: 300 } });
  await db.collection('orders').dropIndexes();
  await fill(mongo.admin, 'superkafe_a.shifts', [{ n: 1 }]);
  expect(compareState(manifest, await stateOf('superkafe_a')).verdict).toBe('different');

  const restored = await tools.restore(restore(), never);
  expect(restored).toEqual({ restored: { orders: 500, 'odd/na*me%': 1, empty: 0, large: 0 }, failed: 0 });
  const after = compareState(manifest, await stateOf('superkafe_a'));
  expect(after).toMatchObject({ verdict: 'equal', differences: [], extraCollections: ['shifts'] });
});

const anyNames = [
  'daily sales',
  'trailing ',
  'a+b',
  '%',
  '%41',
  'oplog',
  'prelude',
  'x.bson',
  'x.bson.gz',
  'x.metadata.json',
  'a/b',
  'a\\b',
  'a*b',
  'a`b',
  'new\nline',
  'tab\there',
  'done dumping x (1 document)',
  'finished restoring x (1 document, 0 failures)',
  '日'.repeat(80),
  `${'日'.repeat(79)}a`,
  'ä'.repeat(110),
  'A',
  'a',
  'systemic',
];

test('a collection of any name that the server takes is dumped, compared and restored', async () => {
  for (const name of anyNames) await mongo.admin.db('superkafe_a').collection<Named>(name).insertOne({ _id: name });
  const report = await toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, dump, never);
  expect(Object.keys(report.documents).toSorted()).toEqual(anyNames.toSorted());
  const [manifest] = (await scan('superkafe_a')).databases;
  if (!manifest) throw new Error('nothing was dumped');
  expect(manifest.collections.map(({ collection }) => collection).toSorted()).toEqual(anyNames.toSorted());
  await mongo.admin.db('superkafe_a').dropDatabase();
  const whole = await toolsWith().restore(restore(), never);
  expect(whole.restored).toEqual(Object.fromEntries(anyNames.map((name) => [name, 1])));
  expect(compareState(manifest, await stateOf('superkafe_a')).verdict).toBe('equal');
});

test('a collection of any name can be merged, and nothing beside it is touched', async () => {
  for (const name of anyNames) {
    await mongo.admin.db('superkafe_main').collection<Named>(name).insertOne({ _id: name });
  }
  await toolsWith().dump({ side: 'legacy', database: 'superkafe_main' }, dump, never);
  const [main] = mongo.config.legacyDatabases.filter(({ name }) => name === 'superkafe_main');
  if (!main) throw new Error('no database to merge');
  const tools = toolsWith({ legacyDatabases: [{ ...main, collections: anyNames }] });
  const merge = { ...restore('superkafe_main'), collections: anyNames.slice(0, -1) };
  const { restored } = await tools.restore(merge, never);
  expect(Object.keys(restored).toSorted()).toEqual(anyNames.slice(0, -1).toSorted());
});

test('the dump of an old tool, whose names stand in its file names alone, is read as mongorestore reads it', async () => {
  for (const [stem, name] of [
    ['daily+sales', 'daily sales'],
    ['a%2Bb', 'a+b'],
    ['%25', '%'],
  ] as const) {
    await writeCollection(join(dump, 'superkafe_a'), stem, [{ _id: name }]);
    await writeFile(join(dump, 'superkafe_a', `${stem}.metadata.json`), '{"options":{},"indexes":[]}');
  }
  const { restored } = await toolsWith().restore(restore(), never);
  expect(restored).toEqual({ 'daily sales': 1, 'a+b': 1, '%': 1 });
  const [manifest] = (await scan('superkafe_a')).databases;
  expect(manifest && compareState(manifest, await stateOf('superkafe_a')).needsRestore).toBe(false);
});

test('indexes that are missing can be added from the manifest', async () => {
  await fillCafe('superkafe_a');
  await toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, dump, never);
  const [manifest] = (await scan('superkafe_a')).databases;
  if (!manifest) throw new Error('nothing was dumped');
  await mongo.admin.db('superkafe_a').collection('orders').dropIndexes();
  const { missingIndexes, needsRestore } = compareState(manifest, await stateOf('superkafe_a'));
  expect(needsRestore).toBe(false);
  expect(missingIndexes).toHaveLength(6);
  await using builder = createIndexBuilder(mongo.connection(mongo.users.restorer), mongo.config);
  for (const { collection, index } of missingIndexes) {
    await builder.create({ database: 'superkafe_a', collection }, index, never);
  }
  expect(compareState(manifest, await stateOf('superkafe_a')).verdict).toBe('equal');
});

test('a compressed dump is restored, and its documents are those of the plain one', async () => {
  await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1 }, { _id: 2 }], { gzip: true });
  await toolsWith().restore({ ...restore(), gzip: true }, never);
  const [manifest] = (await scan('superkafe_a')).databases;
  expect(manifest && compareState(manifest, await stateOf('superkafe_a')).verdict).toBe('equal');
});

test.each([false, true])(
  'a dump is restored past what macOS and --dumpDbUsersAndRoles added (gzip: %s)',
  async (gzip) => {
    const folder = join(dump, 'superkafe_a');
    const ending = gzip ? '.gz' : '';
    await writeCollection(folder, 'orders', [{ _id: 1 }], { gzip });
    const added = [
      `._orders.bson${ending}`,
      `._orders.metadata.json${ending}`,
      '.DS_Store',
      `$admin.system.users.bson${ending}`,
    ];
    for (const name of added) await writeFile(join(folder, name), 'Mac OS X');
    expect(await toolsWith().restore({ ...restore(), gzip }, never)).toEqual({ restored: { orders: 1 }, failed: 0 });
    const [manifest] = (await scan('superkafe_a')).databases;
    expect(manifest && compareState(manifest, await stateOf('superkafe_a')).verdict).toBe('equal');
  },
);

test('users and roles that mongodump itself put beside a database are passed over', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ _id: 1 }]);
  await mongo.admin.db('superkafe_a').command({ createUser: 'waiter', pwd: 'x', roles: ['read'] });
  const { username, password } = new URL(mongo.server.adminUri);
  const { host, port } = mongo.server;
  const login = [`--username=${username}`, `--password=${password}`, '--authenticationDatabase=admin'];
  await run(
    {
      program: mongo.config.tools.mongodump,
      arguments: [
        `--host=${host}`,
        `--port=${port}`,
        ...login,
        '--db=superkafe_a',
        '--dumpDbUsersAndRoles',
        `--out=${dump}`,
      ],
      environment: {},
      timeoutMs: 20_000,
    },
    never,
  );
  await mongo.admin.db('superkafe_a').command({ dropUser: 'waiter' });
  expect(await readdir(join(dump, 'superkafe_a'))).toContain('$admin.system.users.bson');
  expect((await toolsWith().restore(restore(), never)).restored).toEqual({ orders: 1 });
  expect((await scan('superkafe_a')).databases[0]?.collections).toHaveLength(1);
  expect(await mongo.admin.db('superkafe_a').command({ usersInfo: 'waiter' })).toMatchObject({ users: [] });
});

test('with policy merge only the named collections are replaced', async () => {
  await writeCollection(join(dump, 'superkafe_main'), 'users', [{ _id: 1 }]);
  await writeCollection(join(dump, 'superkafe_main'), 'orders', [{ _id: 1 }]);
  await fill(mongo.admin, 'superkafe_main.orders', [{ _id: 7 }]);
  await toolsWith().restore({ ...restore('superkafe_main'), collections: ['users'] }, never);
  expect(await mongo.admin.db('superkafe_main').collection('orders').find().toArray()).toEqual([{ _id: 7 }]);
  expect(await mongo.admin.db('superkafe_main').collection('users').countDocuments()).toBe(1);
});

test.each([
  ['the unified database', 'superkafe_v2', undefined],
  ['the unified database in capitals', 'SuperKafe_V2', undefined],
  ["one of the server's own", 'admin', undefined],
  ['a pattern', 'superkafe_*', undefined],
  ['a path', '../superkafe_a', undefined],
  ['a name that is on no list', 'superkafe_c', undefined],
  ['one to be left alone', 'superkafe_b', undefined],
  ['one to be merged without its collections', 'superkafe_main', undefined],
  ['a collection that is not to be merged', 'superkafe_main', ['users', 'orders']],
])('%s is refused before any program runs', async (_, database, collections) => {
  const config: Partial<MongoConfig> = {
    legacyDatabases: [
      ...mongo.config.legacyDatabases,
      ...['SuperKafe_V2', 'admin', 'superkafe_*', '../superkafe_a'].map((name) => ({
        name,
        policy: 'restore' as const,
        onDifferent: 'replace' as const,
        requiredIndexes: [],
      })),
    ],
  };
  const mustNotRun: RunCommand = () => Promise.reject(new Error('a program was run'));
  const request = { ...restore(database), ...(collections && { collections }) };
  await expect(toolsWith(config, mustNotRun).restore(request, never)).rejects.toMatchObject({
    reason: 'forbidden-database',
  });
});

test('an index is not built outside the scope either', async () => {
  await using builder = createIndexBuilder(mongo.connection(mongo.users.restorer), mongo.config);
  const index = { name: 'n_1', key: [['n', 1]] as [string, number][], options: {} };
  const creating = builder.create({ database: UNIFIED, collection: 'orders' }, index, never);
  await expect(creating).rejects.toMatchObject({ reason: 'forbidden-database' });
});

test('the restorer has no right to write the unified database', async () => {
  await writeCollection(join(dump, UNIFIED), 'orders', [{ _id: 1 }]);
  const confused = { ...mongo.config, unified: { ...mongo.config.unified, database: 'something-else' } };
  const [listed] = mongo.config.legacyDatabases;
  if (!listed) throw new Error('no legacy database');
  const tools = toolsWith({ ...confused, legacyDatabases: [{ ...listed, name: UNIFIED }] });
  await expect(tools.restore(restore(UNIFIED), never)).rejects.toMatchObject({
    reason: 'tool-failed',
    message: expect.stringMatching(/not authorized/i),
  });
  expect(await mongo.admin.db(UNIFIED).listCollections().toArray()).toEqual([]);
});

test('each program must say that it is the one it is taken for', async () => {
  expect(await toolsWith().obstacles(never)).toEqual([]);
  const silent = await mongo.program('silent', 'exit 0');
  const { mongodump } = mongo.config.tools;
  const wrong = toolsWith({ tools: { mongodump: '/no/mongodump', mongorestore: mongodump } });
  expect(await wrong.obstacles(never)).toEqual([
    { what: expect.stringMatching(/^mongo\.tools\.mongodump \/no\/mongodump cannot be run/), mend: expect.any(String) },
    { what: `mongo.tools.mongorestore ${mongodump} is no mongorestore: it says no version`, mend: expect.any(String) },
  ]);
  const quiet = toolsWith({ tools: { mongodump: silent, mongorestore: silent } });
  expect((await quiet.obstacles(never)).map(({ what }) => what)).toEqual([
    `mongo.tools.mongodump ${silent} is no mongodump: it says no version`,
    `mongo.tools.mongorestore ${silent} is no mongorestore: it says no version`,
  ]);
});

test('programs that exit 0 and do nothing are found out', async () => {
  await fillCafe('superkafe_a');
  await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1 }]);
  const nothing = await mongo.program('nothing', 'exit 0');
  const tools = toolsWith({ tools: { mongodump: nothing, mongorestore: nothing } });
  await expect(tools.dump({ side: 'legacy', database: 'superkafe_a' }, join(dump, 'new'), never)).rejects.toMatchObject(
    { reason: 'tool-silent' },
  );
  await expect(tools.restore(restore(), never)).rejects.toMatchObject({ reason: 'tool-silent' });
});

test.each(['superkafe_a.orders', '`superkafe_a.orders`'])(
  'namespaces written as %s are understood',
  async (namespace) => {
    await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1 }]);
    const newer = await mongo.program(
      'newer',
      `cat >&2 <<'END'
2026-01-01T00:00:00.000+0000	finished restoring ${namespace} (1 document, 0 failures)
2026-01-01T00:00:00.000+0000	1 document(s) restored successfully. 0 document(s) failed to restore.
END`,
    );
    const tools = toolsWith({ tools: { mongodump: newer, mongorestore: newer } });
    expect(await tools.restore(restore(), never)).toEqual({ restored: { orders: 1 }, failed: 0 });
  },
);

test('a dump that names a collection without writing its file is found out', async () => {
  const liar = await mongo.program(
    'liar',
    String.raw`printf '2026-01-01T00:00:00.000+0000\tdone dumping superkafe_a.orders (3 documents)\n'`,
  );
  const tools = toolsWith({ tools: { mongodump: liar, mongorestore: liar } });
  await expect(tools.dump({ side: 'legacy', database: 'superkafe_a' }, dump, never)).rejects.toMatchObject({
    reason: 'tool-silent',
    message: expect.stringContaining('orders'),
  });
});

test('a restore with failures fails although its code is 0', async () => {
  await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1 }, { _id: 1 }, { _id: 2 }]);
  await expect(toolsWith().restore(restore(), never)).rejects.toMatchObject({
    reason: 'tool-failed',
    message: expect.stringContaining('1 documents'),
  });
});

test.each([
  ['truncated', (path: string) => truncate(path, 20)],
  ['garbage', (path: string) => writeFile(path, 'no BSON at all')],
])('a %s file fails', async (_, damage) => {
  await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1, text: 'long enough' }]);
  await damage(join(dump, 'superkafe_a', 'orders.bson'));
  await expect(toolsWith().restore(restore(), never)).rejects.toMatchObject({ reason: 'tool-failed' });
});

test('a dump that is not there, or is compressed otherwise, is refused before any program runs', async () => {
  await writeCollection(join(dump, 'superkafe_a'), 'orders', [{ _id: 1 }]);
  const mustNotRun: RunCommand = () => Promise.reject(new Error('a program was run'));
  const tools = toolsWith({}, mustNotRun);
  for (const request of [restore('superkafe_a', join(dump, 'superkafe_a')), { ...restore(), gzip: true }]) {
    await expect(tools.restore(request, never)).rejects.toMatchObject({ reason: 'tool-failed' });
  }
});

test('a database that does not exist is no successful dump', async () => {
  await expect(toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, dump, never)).rejects.toMatchObject({
    reason: 'tool-silent',
  });
});

test('an earlier dump in the same folder is kept beside it', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const into = join(dump, 'snapshot');
  await toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, into, never);
  await mongo.admin.db('superkafe_a').collection('orders').drop();
  await fill(mongo.admin, 'superkafe_a.tables', [{ n: 1 }]);
  await toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, into, never);
  expect((await scan('superkafe_a', into)).databases[0]?.collections.map((each) => each.collection)).toEqual([
    'tables',
  ]);
  const [aside = ''] = (await readdir(dump)).filter((name) => name.startsWith('snapshot.superseded-'));
  expect(await readdir(join(dump, aside, 'superkafe_a'))).toContain('orders.bson');
});

test('a dump can be entered by its owner only', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const into = join(dump, 'snapshot');
  await toolsWith().dump({ side: 'legacy', database: 'superkafe_a' }, into, never);
  expect((await stat(into)).mode & 0o777).toBe(0o700);
});

test('the password is in a private file, on no command line, and gone afterwards', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const password = mongo.users.dumper.password;
  let seen = 0;
  const watching: RunCommand = async (command, signal) => {
    expect(JSON.stringify(command)).not.toContain(password);
    const file = command.arguments.find((each) => each.startsWith('--config='))?.slice('--config='.length) ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toContain(password);
    seen += 1;
    return run(command, signal);
  };
  await toolsWith({}, watching).dump({ side: 'legacy', database: 'superkafe_a' }, dump, never);
  const failing: RunCommand = async (command, signal) => {
    await watching(command, signal);
    throw new Error('killed');
  };
  await expect(toolsWith({}, failing).dump({ side: 'legacy', database: 'superkafe_a' }, dump, never)).rejects.toThrow(
    'killed',
  );
  expect(seen).toBe(2);
  expect(await readdir(passwordFolder)).toEqual([]);
});

test('what a killed process left of its passwords is removed, and nothing that came later', async () => {
  const left = join(passwordFolder, 'tool-old', 'login.yaml');
  await mkdir(join(passwordFolder, 'tool-old'), { recursive: true });
  await writeFile(left, 'password: "x"');
  const removeLeft = await leftPasswords(passwordFolder);
  await withPasswordFile(passwordFolder, new Secret('new'), async (path) => {
    expect(await readdir(passwordFolder)).toHaveLength(2);
    await removeLeft();
    expect(await readFile(path, 'utf8')).toContain('new');
    await expect(stat(left)).rejects.toMatchObject({ code: 'ENOENT' });
  });
  const removeNothing = await leftPasswords(join(passwordFolder, 'never-made'));
  await removeNothing();
});

test('a wrong password fails and is not told', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  const users = mongo.config.users;
  if (!users) throw new Error('no users');
  const wrong = { ...users.dumper, password: new Secret('wr0ng: "quoted" #') };
  const dumping = toolsWith({ users: { ...users, dumper: wrong } }).dump(
    { side: 'legacy', database: 'superkafe_a' },
    dump,
    never,
  );
  await expect(dumping).rejects.toMatchObject({
    reason: 'tool-failed',
    message: expect.stringMatching(/^(?!.*wr0ng).*authenticat/is),
  });
});

test('a server that hangs ends a dump by the time-out', async () => {
  await fill(mongo.admin, 'superkafe_a.orders', [{ n: 1 }]);
  mongo.server.suspend();
  try {
    const dumping = toolsWith({ toolTimeout: 1_000 }).dump({ side: 'legacy', database: 'superkafe_a' }, dump, never);
    await expect(dumping).rejects.toMatchObject({ reason: 'timed-out' });
  } finally {
    mongo.server.resume();
  }
  expect(await readdir(passwordFolder)).toEqual([]);
});

test('command lines are shown without a password', () => {
  const tools = toolsWith();
  const [dumping = ''] = tools.describeDump({ side: 'unified', database: UNIFIED }, '/evidence');
  const [restoring = ''] = tools.describeRestore('/backup', 'superkafe_main', { gzip: true, collections: ['a*b'] });
  expect(dumping).toContain(`--db=${UNIFIED} --out=/evidence`);
  expect(restoring).toMatch(
    /--nsInclude=superkafe_main\.a\\\*b --nsExclude=superkafe_main\.\.\* --drop --objcheck --gzip .*--dir=\/backup$/,
  );
  for (const secret of Object.values(mongo.users)) expect(dumping + restoring).not.toContain(secret.password);
});
