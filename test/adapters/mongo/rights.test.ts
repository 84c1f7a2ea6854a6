import { expect, test } from 'vitest';
import { mongoRights } from '../../../src/adapters/mongo/rights.ts';
import { mongoSchema } from '../../../src/adapters/mongo/schema.ts';

const server = { host: 'db.example', port: 27017 };
const content = {
  unified: { ...server, database: 'cafe_v2' },
  legacy: server,
  legacyDatabases: [
    { name: 'cafe_north', policy: 'restore' },
    { name: 'cafe_old', policy: 'leave' },
  ],
  tools: { mongodump: '/usr/bin/mongodump', mongorestore: '/usr/bin/mongorestore' },
};
const configured = (changes: object = {}) => mongoSchema.parse({ ...content, ...changes });
const login = (user: string) => ({ user, password: 'p' });

test('each user may read or write exactly the databases that its work is about', () => {
  const { users } = mongoRights(configured({ leaseDatabase: 'leases' }), 'unified');
  const read = ['cafe_v2', 'cafe_north', 'cafe_old'].map((db) => ({ role: 'read', db }));
  expect(users).toEqual([
    {
      user: 'rbObserver',
      authSource: 'admin',
      roles: [{ role: 'rbObserve', db: 'admin' }, ...read, { role: 'readWrite', db: 'leases' }],
    },
    { user: 'rbDumper', authSource: 'admin', roles: read },
    {
      user: 'rbRestorer',
      authSource: 'admin',
      roles: [
        { role: 'rbRestore', db: 'admin' },
        { role: 'readWrite', db: 'cafe_north' },
      ],
    },
  ]);
});

test('documents that are older than a validator may be restored into exactly the databases that are', () => {
  const { ownRoles } = mongoRights(configured(), 'legacy');
  expect(ownRoles.find(({ role }) => role === 'rbRestore')?.privileges).toEqual([
    { resource: { db: 'cafe_north', collection: '' }, actions: ['bypassDocumentValidation'] },
  ]);
  const elsewhere = mongoRights(
    configured({ unified: { host: 'other.example', port: 27017, database: 'v2' } }),
    'unified',
  );
  expect(elsewhere.ownRoles.map(({ role }) => role)).toEqual(['rbObserve']);
});

test('users have the names and the database that the configuration gives them; one may look and dump', () => {
  const both = { ...login('watcher'), authSource: 'accounts' };
  const { users } = mongoRights(
    configured({ users: { observer: both, dumper: both, restorer: login('mender') } }),
    'legacy',
  );
  expect(users.map(({ user, authSource }) => [user, authSource])).toEqual([
    ['watcher', 'accounts'],
    ['mender', 'admin'],
  ]);
  expect(users[0]?.roles).toContainEqual({ role: 'rbObserve', db: 'admin' });
});

test('a restorer who would also read the unified database gets nothing', () => {
  const one = login('everything');
  const shared = configured({ users: { observer: login('watcher'), dumper: one, restorer: one } });
  expect(() => mongoRights(shared, 'unified')).toThrow('everything is to restore, and to read the unified database');
});

test.each(['cafe_v2', 'CAFE_V2', 'admin', 'cafe_*'])('nobody gets rights on %s to restore into it', (name) => {
  const wrong = configured({ legacyDatabases: [{ name, policy: 'restore' }] });
  expect(() => mongoRights(wrong, 'unified')).toThrow(`"${name}" must not be written`);
});
