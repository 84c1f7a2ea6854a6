import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dotenvAdapter } from '../../../src/adapters/env/dotenv.ts';

const current = 'MONGODB_URI="mongodb://app:hunter2@localhost:27017/superkafe_v2"\nPORT=5001\n';
const legacy =
  'MONGODB_URI=mongodb://app:hunter2@localhost:27017/superkafe_{tenant}\nMAIN_URI=mongodb://localhost/main\n';

function makeTarget(
  files: { current?: string; legacy?: string } = { current, legacy },
  more: { databaseVariable?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, '.env');
  const legacyFile = join(folder, '.env.legacy');
  if (files.current !== undefined) writeFileSync(file, files.current, { mode: 0o640 });
  if (files.legacy !== undefined) writeFileSync(legacyFile, files.legacy);
  const config = { adapter: 'dotenv', file, legacyFile, uriVariables: ['MONGODB_URI', 'MAIN_URI'] } as const;
  const env = dotenvAdapter({ config: { ...config, ...more, uriVariables: [...config.uriVariables] } });
  return { folder, file, legacyFile, env, evidence: join(folder, 'evidence') };
}

test('addresses of both sides come without credentials', async () => {
  const { env } = makeTarget();
  expect(await env.addresses('current')).toEqual([
    { variable: 'MONGODB_URI', hosts: ['localhost:27017'], database: 'superkafe_v2' },
  ]);
  expect(await env.addresses('legacy')).toEqual([
    { variable: 'MONGODB_URI', hosts: ['localhost:27017'], database: 'superkafe_{tenant}' },
    { variable: 'MAIN_URI', hosts: ['localhost:27017'], database: 'main' },
  ]);
});

test('values are handed out by name, absent ones as undefined', async () => {
  const { env } = makeTarget();
  expect(await env.values('current', ['PORT', 'NOWHERE'])).toEqual({ PORT: '5001', NOWHERE: undefined });
});

test.each([
  ['a missing file', {}, 'env-missing'],
  ['a missing variable', { legacy: 'MONGODB_URI=mongodb://db/x\n' }, 'env-variable-missing'],
  ['an empty variable', { legacy: 'MONGODB_URI=mongodb://db/x\nMAIN_URI=\n' }, 'env-variable-missing'],
  ['a broken quote', { legacy: 'MONGODB_URI="mongodb://u:hunter2@db/x\nMAIN_URI=mongodb://db/x\n' }, 'env-unparsable'],
  [
    'another kind of URI',
    { legacy: 'MONGODB_URI=redis://u:hunter2@db/x\nMAIN_URI=mongodb://db/x\n' },
    'env-unparsable',
  ],
] as const)('%s on the legacy side is refused, and no secret is told', async (_, files, reason) => {
  const error: unknown = await makeTarget(files)
    .env.addresses('legacy')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason, remedy: expect.any(String) });
  expect(String(error)).not.toContain('hunter2');
});

test('the switch puts the legacy bytes in place with the old owner and mode, and keeps the old file for itself', async () => {
  const { env, file, evidence, folder } = makeTarget();
  if (process.geteuid?.() === 0) chownSync(file, 12_345, 12_345);
  const before = statSync(file);
  expect(await env.isLegacy()).toBe(false);
  await env.switchToLegacy(evidence);
  expect(await env.isLegacy()).toBe(true);
  const after = statSync(file);
  expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
  expect(readFileSync(join(evidence, '.env'), 'utf8')).toBe(current);
  expect(statSync(join(evidence, '.env')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['.env', '.env.legacy', 'evidence']);
});

test('a second switch does not overwrite the kept copy', async () => {
  const { env, evidence } = makeTarget();
  await env.switchToLegacy(evidence);
  await env.switchToLegacy(evidence);
  expect(readFileSync(join(evidence, '.env'), 'utf8')).toBe(current);
});

test('a file that a person edited between two switches is kept beside the first, each version once', async () => {
  const { env, file, evidence } = makeTarget();
  await env.switchToLegacy(evidence);
  for (const edited of ['EDITED=1\n', 'EDITED=2\n', 'EDITED=1\n', current]) {
    writeFileSync(file, edited);
    await env.switchToLegacy(evidence);
    expect(await env.isLegacy()).toBe(true);
  }
  expect(readdirSync(evidence).sort()).toEqual(['.env', '.env-2', '.env-3']);
  expect(['.env', '.env-2', '.env-3'].map((name) => readFileSync(join(evidence, name), 'utf8'))).toEqual([
    current,
    'EDITED=1\n',
    'EDITED=2\n',
  ]);
  expect(statSync(join(evidence, '.env-3')).mode & 0o777).toBe(0o600);
});

test('leftovers of an interrupted switch do no harm', async () => {
  const { env, evidence, file } = makeTarget();
  mkdirSync(evidence);
  writeFileSync(join(evidence, '.env.unfinished'), 'half');
  writeFileSync(`${file}.rollbackd`, 'half');
  await env.switchToLegacy(evidence);
  expect(await env.isLegacy()).toBe(true);
  expect(readFileSync(join(evidence, '.env'), 'utf8')).toBe(current);
  expect(readdirSync(evidence)).toEqual(['.env']);
});

test('a link to the file in use stays a link', async () => {
  const { env, file, folder, evidence } = makeTarget({ legacy });
  writeFileSync(join(folder, 'shared.env'), current);
  symlinkSync('shared.env', file);
  await env.switchToLegacy(evidence);
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'shared.env'), 'utf8')).toBe(legacy);
});

test('without a file in use, the legacy file is put there and nothing is kept', async () => {
  const { env, evidence, legacyFile, file } = makeTarget({ legacy });
  chmodSync(legacyFile, 0o600);
  await env.switchToLegacy(evidence);
  expect(await env.isLegacy()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a missing legacy file stops the switch before anything is kept or replaced', async () => {
  const { env, evidence, file } = makeTarget({ current });
  await expect(env.switchToLegacy(evidence)).rejects.toMatchObject({ reason: 'env-missing' });
  expect(readFileSync(file, 'utf8')).toBe(current);
});

test('a variable beside the address names the database, and wins over the name in it', async () => {
  const { env, file, legacyFile } = makeTarget(
    {
      current: 'MONGODB_URI=mongodb://db/admin\nDB_NAME=superkafe_v2\n',
      legacy: 'MONGODB_URI=mongodb://db\nMAIN_URI=mongodb://db/main\n',
    },
    { databaseVariable: 'DB_NAME' },
  );
  expect(await env.addresses('current')).toEqual([
    { variable: 'MONGODB_URI', hosts: ['db:27017'], database: 'superkafe_v2' },
  ]);
  expect(
    (await env.addresses('legacy')).map(({ database }) => database),
    'where it is set',
  ).toEqual(['', 'main']);
  writeFileSync(legacyFile, `${readFileSync(file, 'utf8')}MAIN_URI=mongodb://db/main\n`);
  expect((await env.addresses('legacy')).map(({ database }) => database)).toEqual(['superkafe_v2', 'superkafe_v2']);
  writeFileSync(file, 'MONGODB_URI=mongodb://db\nDB_NAME=$OTHER\n');
  await expect(env.addresses('current')).rejects.toMatchObject({ reason: 'env-unparsable' });
});
