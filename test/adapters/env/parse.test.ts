import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMongodbUri } from '../../../src/adapters/env/mongodb-uri.ts';
import { parseDotenv, unclear } from '../../../src/adapters/env/parse-dotenv.ts';

test.each([
  ['plain', 'A=x', 'x'],
  ['blanks around', '  A =  x y  ', 'x y'],
  ['export', 'export A=x', 'x'],
  ['the last of two', 'A=x\nA=y', 'y'],
  ['a comment behind', 'A=x # not this', 'x'],
  ['a hash in quotes', 'A="x # y" # not this', 'x # y'],
  ['single quotes', "A='x\\ny'", 'x\\ny'],
  ['double quotes with a break', 'A="x\\ny"', 'x\ny'],
  ['several lines', 'A="x\ny"\nB=z', 'x\ny'],
  ['backticks', 'A=`it\'s "x"`', 'it\'s "x"'],
  ['carriage returns', 'B=1\r\nA=x\r\n', 'x'],
  ['a byte order mark', '\uFEFFA=x', 'x'],
  ['nothing, and a blank behind it', 'A= \nB=y', ''],
  ['a colon', 'A: x', 'x'],
  ['commented out', '#A=x', undefined],
  ['an equals sign inside', 'A=x?y=z', 'x?y=z'],
  ['a quote that never ends', 'A="x\nB=y', unclear],
  ['text after the quotes', 'A="x"y', unclear],
])('a value with %s is read as dotenv reads it', (_, text, value) => {
  expect(parseDotenv(text).get('A')).toBe(value);
});

test('a broken quote spoils only its own variable', () => {
  expect(parseDotenv('A="x\nB=y\nnonsense\nC=z')).toEqual(
    new Map<string, string | symbol>([
      ['A', unclear],
      ['B', 'y'],
      ['C', 'z'],
    ]),
  );
});

test('ordinary files are read as node reads them', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
  const value = fc.stringMatching(/^[a-z0-9:/@?&=.,_-]{1,30}$/);
  const quote = fc.constantFrom('', "'", '"');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value, quote)), (entries) => {
      const text = entries.map(([key, raw, mark]) => `${key}=${mark}${raw}${mark}`).join('\n');
      expect(Object.fromEntries(parseDotenv(text))).toEqual({ ...parseEnv(text) });
    }),
  );
});

test.each([
  ['mongodb://localhost/superkafe_v2', ['localhost:27017'], 'superkafe_v2'],
  ['mongodb://u:p%40ss@db:27018/superkafe_{tenant}?authSource=admin', ['db:27018'], 'superkafe_{tenant}'],
  [['mongodb://db/superkafe_$', '{tenant}'].join(''), ['db:27017'], 'superkafe_{tenant}'],
  ['mongodb://a:1,b,c:3/x?replicaSet=rs0', ['a:1', 'b:27017', 'c:3'], 'x'],
  ['mongodb://db:27017', ['db:27017'], ''],
  ['mongodb://db:27017/?retryWrites=false', ['db:27017'], ''],
  ['mongodb+srv://u:p@cluster0.example.net/x', ['cluster0.example.net'], 'x'],
  ['mongodb://[::1]:27018/x', ['[::1]:27018'], 'x'],
  ['mongodb://%2Ftmp%2Fmongodb-27017.sock/x', ['/tmp/mongodb-27017.sock'], 'x'],
  ['mongodb://db/kaf%C3%A9', ['db:27017'], 'kafé'],
])('%s names its hosts and its database', (uri, hosts, database) => {
  expect(parseMongodbUri(uri)).toEqual({ hosts, database });
});

test.each([
  'postgres://db/x',
  'db:27017/x',
  'mongodb://',
  'mongodb:///x',
  'mongodb://u:p/w@db/x',
  'mongodb://db:port/x',
  'mongodb://db/a/b',
  'mongodb://db/%zz',
  ['mongodb://$', '{DB_HOST}/x'].join(''),
  ['mongodb://db/$', '{DB_NAME}'].join(''),
  'mongodb://db/$DB_NAME',
  'mongodb://db/cafe_$TENANT',
  'mongodb://$DB_HOST/x',
  'mongodb://a,$DB_HOST:27018/x',
  'mongodb+srv://$CLUSTER/x',
  'mongodb+srv://cluster.example/$DB_NAME?w=1',
])('%s is not guessed at', (uri) => {
  expect(parseMongodbUri(uri)).toBeUndefined();
});

test('credentials never come out of a URI', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9%.:~!$&'()*+,;=-]{4,20}$/), (password) => {
      expect(JSON.stringify(parseMongodbUri(`mongodb://root:secret${password}@db/x`) ?? '')).not.toContain('secret');
    }),
  );
});
