import { expect, test } from 'vitest';
import { oneAddress, whyMaybeOneServer } from '../../../src/adapters/mongo/servers.ts';

const server = (host: string, port = 27_017, replicaSet?: string) => ({
  host,
  port,
  tls: false,
  ...(replicaSet !== undefined && { replicaSet }),
});
const unified = { ...server('127.0.0.1'), database: 'superkafe_v2' };

test.each([
  ['the same', server('127.0.0.1'), true],
  ['another name of this machine', server('LOCALHOST.'), true],
  ['another port', server('127.0.0.1', 27_018), false],
  ['another host', server('db2.example'), false],
])('%s is one address: %o, %s', (_, legacy, expected) => {
  expect(oneAddress({ unified, legacy })).toBe(expected);
});

test('two members of one replica set are one', () => {
  const first = { ...unified, replicaSet: 'rs0' };
  expect(oneAddress({ unified: first, legacy: server('db2', 27_017, 'rs0') })).toBe(true);
  expect(oneAddress({ unified: first, legacy: server('db2', 27_017, 'rs1') })).toBe(false);
});

const identity = (process: string, changed: { replicaSet?: string; router?: boolean } = {}) => ({
  process,
  replicaSet: undefined,
  router: false,
  ...changed,
});

test.each([
  [identity('a'), identity('a'), /the same mongod/],
  [identity('a', { router: true }), identity('b'), /mongos/],
  [identity('a', { replicaSet: 'rs0' }), identity('b', { replicaSet: 'rs0' }), /replica set called rs0/],
])('%o and %o may hold the same data', (one, other, why) => {
  expect(whyMaybeOneServer(one, other)).toMatch(why);
});

test('two processes that share no replica set hold different data', () => {
  expect(whyMaybeOneServer(identity('a'), identity('b'))).toBeUndefined();
  expect(whyMaybeOneServer(identity('a', { replicaSet: 'x' }), identity('b', { replicaSet: 'y' }))).toBeUndefined();
});
