import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectWritable } from '../../../src/adapters/mongo/restore-scope.ts';
import { mongoRights } from '../../../src/adapters/mongo/rights.ts';
import type { LegacyDatabase, MongoConfig } from '../../../src/adapters/mongo/schema.ts';
import { mongoSchema } from '../../../src/adapters/mongo/schema.ts';

const unified = 'superkafe_v2';
const server = { host: '127.0.0.1', port: 27_017 };
const base = mongoSchema.parse({
  unified: { ...server, database: unified },
  legacy: server,
  legacyDatabases: [{ name: 'superkafe_a', policy: 'restore' }],
  tools: { mongodump: '/usr/bin/mongodump', mongorestore: '/usr/bin/mongorestore' },
});
const entry = (name: string, policy: LegacyDatabase['policy'], collections?: string[]): LegacyDatabase => ({
  name,
  policy,
  onDifferent: 'ask',
  requiredIndexes: [],
  ...(collections && { collections }),
});
const here = { ...base, legacyDatabases: [entry(unified, 'merge', ['tenants', 'users'])] };

/** Also what no rule of the configuration would let through. */
const name = fc.constantFrom(
  unified,
  'SuperKafe_V2',
  'superkafe_v2 ',
  'superkafe_v2.',
  'superkafe_*',
  'superkafe_a',
  '',
);
const collection = fc.constantFrom('tenants', 'users', 'menus', '*', 'te*', '', 'system.views', 'Tenants', '$cmd');
const entries = fc.array(
  fc
    .record({
      name,
      policy: fc.constantFrom('restore', 'leave', 'merge'),
      collections: fc.option(fc.array(collection, { maxLength: 4 }), { nil: undefined }),
    })
    .map(({ name: database, policy, collections }) => entry(database, policy as LegacyDatabase['policy'], collections)),
  { maxLength: 4 },
);
const another = fc.record({
  host: fc.constantFrom('127.0.0.1', 'LOCALHOST', 'db.example'),
  port: fc.constantFrom(27_017, 27_018),
  replicaSet: fc.constantFrom(undefined, 'rs0'),
});
/** Mostly one and the same. */
const address = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ host: '127.0.0.1', port: 27_017 }) },
  { weight: 1, arbitrary: another },
);
const configuration = fc.record({ one: address, other: address, legacyDatabases: entries }).map(
  ({ one, other, legacyDatabases }): MongoConfig => ({
    ...base,
    unified: { ...base.unified, ...one },
    legacy: { ...base.legacy, ...other },
    legacyDatabases,
  }),
);

const isWritable = (config: MongoConfig, database: string, collections?: readonly string[]): boolean => {
  try {
    expectWritable(config, database, collections);
    return true;
  } catch {
    return false;
  }
};

test('for no configuration is anything written under the unified name but named collections of a merge entry', () => {
  fc.assert(
    fc.property(
      configuration,
      name,
      fc.option(fc.array(collection, { maxLength: 3 }), { nil: undefined }),
      (config, database, wanted) => {
        if (database.toLowerCase() !== unified || !isWritable(config, database, wanted)) return;
        expect(database).toBe(unified);
        expect(wanted?.length).toBeGreaterThan(0);
        for (const each of wanted ?? []) {
          expect(each).not.toMatch(/[*$]|^system\.|^$/);
          for (const { policy, collections } of config.legacyDatabases.filter((one) => one.name === unified)) {
            expect([policy, collections]).toEqual(['merge', expect.arrayContaining([each])]);
          }
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test('for no configuration does the restorer get a right to write the unified name beyond named collections of a merge entry', () => {
  fc.assert(
    fc.property(configuration, fc.constantFrom('unified', 'legacy'), (config, side) => {
      const rights = rightsOf(config, side as 'unified' | 'legacy');
      const roles = rights?.users.find(({ user }) => user === 'rbRestorer')?.roles ?? [];
      expect(roles.filter(({ db }) => db.toLowerCase() === unified)).toEqual([]);
      const named = config.legacyDatabases.flatMap((each) => (each.name === unified ? (each.collections ?? []) : []));
      for (const { resource, actions } of rights?.ownRoles.flatMap(({ privileges }) => privileges) ?? []) {
        if ('cluster' in resource || resource.db.toLowerCase() !== unified) continue;
        if (resource.collection === '') expect(actions).toEqual(['listCollections']);
        else expect(named).toContain(resource.collection);
      }
    }),
    { numRuns: 5_000 },
  );
});

function rightsOf(config: MongoConfig, side: 'unified' | 'legacy') {
  try {
    return mongoRights(config, side);
  } catch {
    return undefined;
  }
}

test('the properties are about something: on one server named collections are writable, and with them their rights', () => {
  expect(isWritable(here, unified, ['tenants'])).toBe(true);
  expect(rightsOf(here, 'legacy')?.ownRoles.flatMap(({ privileges }) => privileges)).toContainEqual({
    resource: { db: unified, collection: 'users' },
    actions: expect.arrayContaining(['dropCollection', 'insert']),
  });
});

test.each([
  ['as a whole', here, unified, undefined],
  ['with no collection', here, unified, []],
  ['with another collection beside', here, unified, ['tenants', 'menus']],
  ['in another case', here, 'SUPERKAFE_V2', ['tenants']],
  ['by policy restore', { ...base, legacyDatabases: [entry(unified, 'restore')] }, unified, ['tenants']],
  [
    'where it is listed twice',
    { ...here, legacyDatabases: [...here.legacyDatabases, entry(unified, 'restore')] },
    unified,
    ['tenants'],
  ],
  ['on a server with two addresses', { ...here, legacy: { ...here.legacy, host: 'localhost' } }, unified, ['tenants']],
  ['by a pattern', { ...base, legacyDatabases: [entry(unified, 'merge', ['te*'])] }, unified, ['te*']],
])('the unified name is not written %s', (_, config, database, collections) => {
  expect(isWritable(config, database, collections)).toBe(false);
});
