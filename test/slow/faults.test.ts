import { cp, mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rollbackd } from '../../sandbox/demo/program.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type Changes, writeChangedConfig } from './changed-config.ts';
import { failureOf, openPipeline } from './pipeline.ts';
import { versionServed } from './versions.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
});

afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]();
});

/** Whatever was wrong, it was found while the application served, and nothing was touched. */
afterEach(async () => {
  expect((await sandbox.oracle.judgeUntouched()).findings).toEqual([]);
});

let number = 0;

/** A copy of the backup, for one case to spoil. */
async function copyBackup(): Promise<string> {
  number += 1;
  const copy = join(sandbox.root, 'spoiled', String(number), 'pre-migration');
  await mkdir(dirname(copy), { recursive: true });
  await cp(sandbox.backup.path, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

const aDatabase = 'superkafe_negoes';
const orders = join(aDatabase, 'orders.bson');

async function cutInHalf(copy: string): Promise<void> {
  const file = join(copy, orders);
  await truncate(file, Math.floor((await stat(file)).size / 2));
}

interface SpoiledBackup {
  readonly how: string;
  readonly reason: string;
  readonly spoil: (copy: string) => Promise<unknown>;
  /** Where the configuration then points to. */
  readonly path?: (copy: string) => string;
}

const leave = () => Promise.resolve();

const spoiled: readonly SpoiledBackup[] = [
  { how: 'is missing', reason: 'backup-missing', spoil: (copy) => rm(copy, { recursive: true }) },
  {
    how: 'is empty',
    reason: 'backup-empty',
    spoil: async (copy) => {
      await rm(copy, { recursive: true });
      await mkdir(copy);
    },
  },
  { how: 'ends in the middle of a document', reason: 'truncated', spoil: cutInHalf },
  {
    how: 'lacks one tenant',
    reason: 'database-absent',
    spoil: (copy) => rm(join(copy, aDatabase), { recursive: true }),
  },
  { how: 'lies one level below the path', reason: 'wrong-level', spoil: leave, path: dirname },
  { how: 'lies one level above the path', reason: 'wrong-level', spoil: leave, path: (copy) => join(copy, aDatabase) },
];

describe('a backup that cannot be restored', () => {
  it.each(spoiled)('where it $how, no plan is made, and `check --backup` says why', async ({ reason, spoil, path }) => {
    const copy = await copyBackup();
    await spoil(copy);
    const changes = { 'backup.path': path?.(copy) ?? copy };
    await using pipeline = await openPipeline(sandbox, `backup-${number}`, changes);
    await expect(pipeline.plan()).rejects.toMatchObject({ reason });
    const settings = { mode: 'approve', webhookUrl: 'http://127.0.0.1:9/', httpPort: 1 } as const;
    const file = await writeChangedConfig(sandbox, `check-${number}`, settings, changes);
    const { code, output } = await rollbackd('check', '--backup', '--config', file);
    expect(code, output).toBe(1);
    expect(output).toContain('the backup is not usable');
  });

  it.each([
    { how: 'is cut in half', spoil: cutInHalf, reason: /truncated|unexpected/ },
    { how: 'loses a whole collection', spoil: (copy: string) => rm(join(copy, orders)), reason: /unpaired|unexpected/ },
    {
      how: 'is another one',
      spoil: (copy: string) => cp(join(copy, 'superkafe_senja/orders.bson'), join(copy, orders)),
      reason: /backup-changed/,
    },
  ])('where it $how after the plan was made, the run ends before the application is stopped', async (each) => {
    const copy = await copyBackup();
    await using pipeline = await openPipeline(sandbox, `changed-${number}`, { 'backup.path': copy });
    const plan = await pipeline.plan();
    await each.spoil(copy);
    const run = await pipeline.rollBack(plan);
    expect(failureOf(run)?.step).toBe('check-backup');
    expect(failureOf(run)?.reason).toMatch(each.reason);
    expect([...run.steps.keys()]).toEqual(['check-target', 'check-backup']);
  });
});

/** Runs what can be planned. The step that failed, or why there is no plan. */
async function attempt(name: string, changes: Changes): Promise<{ step: string; reason: string; message: string }> {
  await using pipeline = await openPipeline(sandbox, name, changes);
  const plan = await pipeline.plan().catch((error: { reason: string; message: string }) => error);
  if (!('steps' in plan)) return { step: 'plan', reason: plan.reason, message: plan.message };
  const failure = failureOf(await pipeline.rollBack(plan));
  if (!failure) throw new Error('nothing failed');
  return failure;
}

async function writeLegacyEnvironment(name: string, uri: string): Promise<string> {
  const file = join(sandbox.root, `${name}.env`);
  await writeFile(file, `PORT=${sandbox.appPort}\nMONGODB_URI=${uri}\n`, { mode: 0o600 });
  return file;
}

describe('a target that cannot be taken back', () => {
  it('a tag that nobody made is named, with those that exist', async () => {
    const failure = await attempt('no-tag', { 'code.legacyRef': 'pre-migration-tga' });
    expect(failure).toMatchObject({ step: 'plan', reason: 'ref-missing' });
    expect(failure.message).toContain('pre-migration-tga');
  });

  it('without .env.legacy the run ends before the application is stopped', async () => {
    const changes = { 'env.legacyFile': join(sandbox.root, 'nowhere', '.env.legacy') };
    const failure = await attempt('no-env', changes);
    expect(failure).toMatchObject({ step: 'check-target', reason: 'refused' });
    expect(failure.message).toContain('.env.legacy is not there');
  });

  it.each([
    ['by its name', 'superkafe_v2'],
    ['in another case', 'SuperKafe_V2'],
  ])(
    'a .env.legacy that leads to the unified database %s is refused while the application serves',
    async (how, name) => {
      const uri = `mongodb://localhost:${sandbox.mongo.port}/${name}?authSource=admin`;
      const file = await writeLegacyEnvironment(`unified-${name}`, uri);
      const failure = await attempt(`env-${how.replaceAll(' ', '-')}`, { 'env.legacyFile': file });
      expect(failure).toMatchObject({ step: 'check-target', reason: 'refused' });
      expect(failure.message).toContain('leads to the unified database');
    },
  );

  it.each(['superkafe_v2', 'SUPERKAFE_V2'])(
    'a legacy database named %s is refused by the configuration',
    async (name) => {
      await expect(openPipeline(sandbox, 'unified-name', { 'mongo.legacyDatabases.0.name': name })).rejects.toThrow(
        /mongo\.legacyDatabases\[0\]\.name.*unified/,
      );
    },
  );

  it('a disk without room for the snapshots is noticed while the application serves', async () => {
    const failure = await attempt('disk', { 'rollback.keepFree': '1048576GiB' });
    expect(failure).toMatchObject({ step: 'check-disk', reason: 'disk-too-small' });
    expect(await versionServed(sandbox)).toBe('unified');
  });
});
