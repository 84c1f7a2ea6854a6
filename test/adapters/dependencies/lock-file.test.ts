import { expect, test } from 'vitest';
import { wantedPackages } from '../../../src/adapters/dependencies/lock-file.ts';

test('a lock of today lists nested, scoped, linked and aliased packages, and leaves out what may be absent', () => {
  const packages = {
    '': { version: '1.0.0' },
    'node_modules/express': { version: '4.18.2' },
    'node_modules/express/node_modules/debug': { version: '2.6.9' },
    'node_modules/@scope/one': { version: '1.0.0-rc.1' },
    'node_modules/shared': { resolved: '../shared', link: true },
    '../shared': { version: '3.0.0' },
    '../shared/node_modules/its-own': { version: '1.0.0' },
    'node_modules/alias': { name: 'real', version: '7.0.0' },
    'node_modules/vitest': { version: '1.0.0', dev: true },
    'node_modules/fsevents': { version: '2.0.0', optional: true },
    'node_modules/both': { version: '2.0.0', devOptional: true },
    'node_modules/react': { version: '18.0.0', peer: true },
  };
  expect(wantedPackages({ lockfileVersion: 3, packages })).toEqual([
    { path: 'node_modules/express', version: '4.18.2' },
    { path: 'node_modules/express/node_modules/debug', version: '2.6.9' },
    { path: 'node_modules/@scope/one', version: '1.0.0-rc.1' },
    { path: 'node_modules/shared', version: '3.0.0' },
    { path: 'node_modules/alias', version: '7.0.0' },
  ]);
});

test('a lock from before npm 7 lists its tree', () => {
  const dependencies = {
    express: {
      version: '4.18.2',
      dependencies: { debug: { version: '2.6.9' }, fsevents: { version: '1.0.0', optional: true } },
    },
    fork: { version: 'git+ssh://git@host/fork.git#0123456' },
    jest: { version: '26.0.0', dev: true },
  };
  expect(wantedPackages({ lockfileVersion: 1, dependencies })).toEqual([
    { path: 'node_modules/express', version: '4.18.2' },
    { path: 'node_modules/express/node_modules/debug', version: '2.6.9' },
    { path: 'node_modules/fork', version: undefined },
  ]);
});

test('anything else is no lock', () => {
  for (const value of [undefined, {}, [], 'text', { packages: 'x' }]) expect(wantedPackages(value)).toBeUndefined();
});
