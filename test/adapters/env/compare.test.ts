import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type OneMachine, pointsAtUnified, type UnifiedDatabase } from '../../../src/adapters/env/compare.ts';
import type { DatabaseAddress } from '../../../src/adapters/env/contract.ts';

const unified = { host: 'localhost', port: 27017, database: 'superkafe_v2' };
const address = (host: string, database: string) => ({ variable: 'MONGODB_URI', hosts: [host], database });
/** Names that the network knows, and what it says about them. */
const distinct: OneMachine = async () => false;
const reasonsOf = (addresses: readonly DatabaseAddress[], where: UnifiedDatabase, slugs: readonly string[]) =>
  pointsAtUnified(addresses, where, slugs, distinct);
const slug = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);

test.each([
  ['the same', 'localhost:27017', 'superkafe_v2'],
  ['another spelling of the database', 'localhost:27017', 'SuperKafe_V2'],
  ['the loopback address', '127.0.0.1:27017', 'superkafe_v2'],
  ['a short loopback address', '127.1:27017', 'superkafe_v2'],
  ['the loopback address of IPv6', '[::1]:27017', 'superkafe_v2'],
  ['its long form', '[0:0:0:0:0:0:0:1]:27017', 'superkafe_v2'],
  ['its mapped form', '[::ffff:127.0.0.1]:27017', 'superkafe_v2'],
  ['a name in capitals, with a dot at the end', 'LOCALHOST.:27017', 'superkafe_v2'],
  ['the Unix socket of that port', '/tmp/mongodb-27017.sock', 'superkafe_v2'],
  ['a tenant that makes up its name', 'localhost:27017', 'superkafe_{tenant}'],
  ['a service name, which only DNS could tell apart', 'cluster0.example.net', 'superkafe_v2'],
])('%s leads to the unified database', async (_, host, database) => {
  expect(await reasonsOf([address(host, database)], unified, ['negoes', 'v2'])).toHaveLength(1);
});

test.each([
  ['another database', 'localhost:27017', 'superkafe_legacy'],
  ['another port', 'localhost:27018', 'superkafe_v2'],
  ['another host', 'db2:27017', 'superkafe_v2'],
  ['a pattern that no tenant turns into its name', 'localhost:27017', 'superkafe_{tenant}'],
  ['the Unix socket of another port', '/tmp/mongodb-27018.sock', 'superkafe_v2'],
  ['no database, which means test', 'localhost:27017', ''],
])('%s does not', async (_, host, database) => {
  expect(await reasonsOf([address(host, database)], unified, ['negoes', 'v1'])).toEqual([]);
});

test('a URI without a database leads to one that is called test', async () => {
  expect(await reasonsOf([address('localhost:27017', '')], { ...unified, database: 'test' }, [])).toHaveLength(1);
});

test('without any tenant, a pattern proves nothing and is refused', async () => {
  expect(await reasonsOf([address('db2:27017', 'superkafe_{tenant}')], unified, [])).toEqual([
    'MONGODB_URI depends on the tenant, and no tenant is known',
  ]);
});

test('the reason names variable, host and tenant', async () => {
  expect(await reasonsOf([address('127.0.0.1:27017', 'superkafe_{tenant}')], unified, ['a', 'v2'])).toEqual([
    'MONGODB_URI may resolve to the unified database superkafe_v2 on 127.0.0.1:27017 for tenant v2',
  ]);
});

test('for any tenants, a pattern leads there exactly when one of them makes up the name, in any case', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(slug, { minLength: 1 }), slug, fc.boolean(), async (slugs, wanted, upper) => {
      const database = upper ? `APP_${wanted.toUpperCase()}` : `app_${wanted}`;
      const reasons = await reasonsOf([address('localhost:27017', 'app_{tenant}')], { ...unified, database }, slugs);
      expect(reasons.length).toBe(slugs.includes(wanted) ? 1 : 0);
    }),
  );
});

test('one host of many is enough, and every address is judged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), async (same) => {
      const addresses = same.map((hit, index) => ({
        variable: `URI_${index}`,
        hosts: ['db1:27017', hit ? 'localhost:27017' : 'db2:27017'],
        database: 'superkafe_v2',
      }));
      expect(await reasonsOf(addresses, unified, [])).toHaveLength(same.filter(Boolean).length);
    }),
  );
});

/** A machine without a network has its loopback alone. */
const ownAddress =
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.2';

test.each([
  ['a name against its address', 'db1', '10.0.0.7'],
  ['two names of one machine', 'mongo.internal', 'db1'],
])('%s leads there where the network says it is one machine', async (_, host, unifiedHost) => {
  const asked: string[] = [];
  const oneMachine: OneMachine = async (one, other) => asked.push(`${one} ${other}`) > 0;
  const where = { ...unified, host: unifiedHost };
  expect(await pointsAtUnified([address(`${host}:27017`, 'superkafe_v2')], where, [], oneMachine)).toHaveLength(1);
  expect(asked).toEqual([`${host} ${unifiedHost}`]);
});

test('the network is not asked where name or port differ already', async () => {
  const mustNotBeAsked: OneMachine = () => Promise.reject(new Error('the network was asked'));
  const elsewhere = [address('db2:27018', 'superkafe_v2'), address('db2:27017', 'superkafe_legacy')];
  expect(await pointsAtUnified(elsewhere, unified, [], mustNotBeAsked)).toEqual([]);
});

test("this machine's own address against the loopback one leads there, a stranger's does not", async () => {
  expect(await pointsAtUnified([address(`${ownAddress}:27017`, 'superkafe_v2')], unified, [])).toHaveLength(1);
  const here = { ...unified, host: ownAddress };
  expect(await pointsAtUnified([address('127.0.0.1:27017', 'superkafe_v2')], here, [])).toHaveLength(1);
  expect(await pointsAtUnified([address('192.0.2.7:27017', 'superkafe_v2')], unified, [])).toEqual([]);
});

test('a host that cannot be looked up counts as the unified one', async () => {
  expect(await pointsAtUnified([address('db2.invalid:27017', 'superkafe_v2')], unified, [])).toHaveLength(1);
});
