import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointsAtUnified } from '../../../src/adapters/env/compare.ts';

const unified = { host: 'localhost', port: 27017, database: 'superkafe_v2' };
const address = (host: string, database: string) => ({ variable: 'MONGODB_URI', hosts: [host], database });
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
])('%s leads to the unified database', (_, host, database) => {
  expect(pointsAtUnified([address(host, database)], unified, ['negoes', 'v2'])).toHaveLength(1);
});

test.each([
  ['another database', 'localhost:27017', 'superkafe_legacy'],
  ['another port', 'localhost:27018', 'superkafe_v2'],
  ['another host', 'db2:27017', 'superkafe_v2'],
  ['a pattern that no tenant turns into its name', 'localhost:27017', 'superkafe_{tenant}'],
  ['the Unix socket of another port', '/tmp/mongodb-27018.sock', 'superkafe_v2'],
  ['no database, which means test', 'localhost:27017', ''],
])('%s does not', (_, host, database) => {
  expect(pointsAtUnified([address(host, database)], unified, ['negoes', 'v1'])).toEqual([]);
});

test('a URI without a database leads to one that is called test', () => {
  expect(pointsAtUnified([address('localhost:27017', '')], { ...unified, database: 'test' }, [])).toHaveLength(1);
});

test('without any tenant, a pattern proves nothing and is refused', () => {
  expect(pointsAtUnified([address('db2:27017', 'superkafe_{tenant}')], unified, [])).toEqual([
    'MONGODB_URI depends on the tenant, and no tenant is known',
  ]);
});

test('the reason names variable, host and tenant', () => {
  expect(pointsAtUnified([address('127.0.0.1:27017', 'superkafe_{tenant}')], unified, ['a', 'v2'])).toEqual([
    'MONGODB_URI resolves to the unified database superkafe_v2 on 127.0.0.1:27017 for tenant v2',
  ]);
});

test('for any tenants, a pattern leads there exactly when one of them makes up the name, in any case', () => {
  fc.assert(
    fc.property(fc.uniqueArray(slug, { minLength: 1 }), slug, fc.boolean(), (slugs, wanted, upper) => {
      const database = upper ? `APP_${wanted.toUpperCase()}` : `app_${wanted}`;
      const reasons = pointsAtUnified([address('localhost:27017', 'app_{tenant}')], { ...unified, database }, slugs);
      expect(reasons.length).toBe(slugs.includes(wanted) ? 1 : 0);
    }),
  );
});

test('one host of many is enough, and every address is judged', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (same) => {
      const addresses = same.map((hit, index) => ({
        variable: `URI_${index}`,
        hosts: ['db1:27017', hit ? 'localhost:27017' : 'db2:27017'],
        database: 'superkafe_v2',
      }));
      expect(pointsAtUnified(addresses, unified, [])).toHaveLength(same.filter(Boolean).length);
    }),
  );
});
