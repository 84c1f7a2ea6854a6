import { expect, it } from 'vitest';
import { configMark } from '../../src/config/fingerprint.ts';
import { type ConfigMark, changedParts } from '../../src/model/config-mark.ts';
import { environment, exampleText, exampleWith, loadText } from './example.ts';

const markOf = (text: string, variables = environment): ConfigMark => {
  const loaded = loadText(text, variables);
  if (loaded.status === 'valid') return configMark(loaded.config);
  throw new Error(JSON.stringify(loaded.faults));
};
const original = markOf(exampleText);

it.each([
  ['mongo.toolTimeout', '3h'],
  ['mongo.operationTimeout', '9s'],
  ['process.timeout', '99s'],
  ['traffic.timeout', '99s'],
  ['code.timeout', '9m'],
  ['dependencies.timeout', '99m'],
  ['probes.timeout', '9s'],
  ['logs.startupLines', ['another line']],
  ['logs.errorPattern', 'another'],
  ['logs.eventStart', '^x'],
  ['logs.toleratedErrors', 99],
  ['rollback.keepFree', '3GiB'],
  ['rollback.livenessTimeout', '9m'],
  ['rollback.settle', '9s'],
  ['rollback.responseTimeLimit', '999ms'],
  ['guard.cooldown', '48h'],
  ['log.level', 'debug'],
])('a run may be resumed after a change of %s', (path, value) => {
  const changed = markOf(exampleWith({ [path]: value }));
  expect(changed.hash).not.toBe(original.hash);
  expect(changed.binding).toBe(original.binding);
  expect(changedParts(original, changed)).toEqual([]);
});

it.each([
  ['mongo.legacy.host', 'elsewhere.example'],
  ['mongo.legacyDatabases.0.onDifferent', 'replace', 'mongo.legacyDatabases'],
  ['mongo.tools.mongorestore', '/opt/mongorestore'],
  ['process.names.0', 'another-name', 'process.names'],
  ['env.legacyFile', '/srv/another.env'],
  ['code.legacyRef', 'another-tag'],
  ['code.keep', ['another.file']],
  ['rollback.evidenceFolder', '/srv/elsewhere'],
  ['rollback.fenceQuiet', '1ms'],
  ['migration.cutoverAt', '2026-02-02T02:02:02Z'],
  ['backup.path', '/srv/another-backup'],
])('no run is resumed after a change of %s, which is named', (path, value, named = path) => {
  const changed = markOf(exampleWith({ [path]: value }));
  expect(changed.binding).not.toBe(original.binding);
  expect(changedParts(original, changed)).toEqual([named]);
});

it('notices another password, and holds too little of any to find it by trying', () => {
  const changed = markOf(exampleText, { ...environment, RESTORER_PASSWORD: 'another' });
  expect(changedParts(original, changed)).toEqual(['mongo.users.restorer.password']);
  expect(Object.values(changed.parts).filter((part) => part.length > 4)).toEqual([]);
});
