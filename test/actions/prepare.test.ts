import { mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import type { BackupManifest } from '../../src/model/backup.ts';
import type { ActionName } from '../../src/model/plan.ts';
import { look, perform } from './perform.ts';
import { collection } from './stored.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import { legacyCommit, type Target } from './target-state.ts';

const kopi = { subject: 'cafe_kopi' };
/** The plan brings in one database and replaces another. */
const replacing = {
  subjectsOf: (action: ActionName) =>
    action === 'bring-in-database' ? ['cafe_kopi'] : action === 'restore-database' ? ['cafe_negoes'] : [],
};
const absent = ({ state }: Target) => {
  state.legacy = { cafe_negoes: state.legacy.cafe_negoes ?? [] };
};

describe('preparing', () => {
  it('has room, reads the backup, and stages code and dependencies', async () => {
    using target = openTarget();
    target.state.missingPackages = ['express@4.0.0'];
    expect(await perform(target, 'check-target')).toEqual({ obstacles: 'none' });
    expect(await perform(target, 'check-backup')).toMatchObject({ documents: 9 });
    expect(await perform(target, 'check-legacy-environment')).toEqual({
      legacy: 'MONGODB_URI=cafe_{tenant}',
      current: 'MONGODB_URI=cafe_v2',
    });
    expect(await perform(target, 'stage-code')).toMatchObject({ commit: legacyCommit });
    expect(await perform(target, 'stage-dependencies')).toEqual({ packages: 1 });
    expect(await perform(target, 'check-switch')).toEqual({ obstacles: 'none' });
    expect(readdirSync(dirname(target.settings.rollback.freezeFile))).toEqual(['checkout', 'evidence']);
    expect(target.done).toEqual(['stage', 'install']);
  });

  it('installs again what a kill in the middle of the packages’ own scripts left with nothing missing', async () => {
    using target = openTarget();
    await perform(target, 'stage-code');
    target.effects.install = () => Promise.reject(new Error('kill -9'));
    await expect(perform(target, 'stage-dependencies')).rejects.toThrow('kill -9');
    await expect(look(target, 'stage-dependencies')).rejects.toMatchObject({
      reason: 'not-proven',
      message: expect.stringContaining('did not come to its end'),
    });
    target.effects.install = undefined;
    expect(await perform(target, 'stage-dependencies')).toEqual({ packages: 1 });
  });

  it('saves local changes while users are served, and says where', async () => {
    using target = openTarget();
    await expect(look(target, 'save-changes')).rejects.toMatchObject({ reason: 'not-proven' });
    expect(await perform(target, 'save-changes')).toEqual({ files: 1, ref: 'refs/rollbackd/run-1' });
    target.state.savedChanges = { ref: undefined, files: 0 };
    expect(await look(target, 'save-changes'), 'there may be none').toEqual({ files: 0 });
  });

  it('tells everything at once that would stop the switch for certain', async () => {
    using target = openTarget();
    target.state.codeRefusals = ['ecosystem.config.js of code.keep is not there'];
    target.state.moveRefusals = ['EXDEV'];
    await expect(perform(target, 'check-switch')).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/code\.keep is not there; EXDEV/),
    });
  });

  it('measures each disk once, with the sum of what goes there', async () => {
    using target = openTarget();
    const { rollback, code } = target.settings;
    expect(await perform(target, 'check-disk', replacing)).toEqual({
      [`${rollback.evidenceFolder} and ${code.releases}`]: '1.50 GiB needed, 100.00 GiB free',
      'mongod at 127.0.0.1:27017': '1.00 GiB needed, 80.00 GiB free',
    });
    target.state.disks = { [code.releases]: 'another' };
    expect(await perform(target, 'check-disk')).toEqual({
      [rollback.evidenceFolder]: '1.00 GiB needed, 100.00 GiB free',
      [code.releases]: '1.50 GiB needed, 100.00 GiB free',
      mongod: 'nothing is restored',
    });
  });

  it("knows mongod's disk for that of the evidence by its size", async () => {
    using target = openTarget();
    const { rollback, code } = target.settings;
    target.state.mongodDisk = { free: 100 * 2 ** 30 - 2 ** 20, total: 500 * 2 ** 30 };
    expect(await perform(target, 'check-disk', replacing)).toEqual({
      [`${rollback.evidenceFolder} and ${code.releases} and mongod at 127.0.0.1:27017`]:
        '1.50 GiB needed, 100.00 GiB free',
    });
  });

  it('says that a server told nothing of its disk', async () => {
    using target = openTarget();
    target.state.mongodDisk = undefined;
    expect(await perform(target, 'check-disk', replacing)).toMatchObject({
      mongod: 'mongod at 127.0.0.1:27017 does not say how much room it has',
    });
  });

  it.each([
    ['env-variable-missing', 'not set'],
    ['env-missing', 'not read: no such luck'],
  ])('needs nothing of the environment that it replaces: %s', async (reason, current) => {
    using target = openTarget();
    const { addresses } = target.world.env;
    Object.assign(target.world.env, {
      addresses: (side: 'current' | 'legacy') =>
        side === 'legacy' ? addresses(side) : Promise.reject(new RollbackdError(reason, 'no such luck')),
    });
    expect(await perform(target, 'check-legacy-environment')).toMatchObject({ current });
  });

  it('brings in a database that is absent, and proves it against the backup', async () => {
    using target = openTarget();
    absent(target);
    await expect(look(target, 'bring-in-database', kopi)).rejects.toThrow(/is not there/);
    expect(await perform(target, 'bring-in-database', kopi)).toEqual({ documents: 2, digests: 'equal' });
  });

  it('goes on with what it had begun to bring in when it was cut off', async () => {
    using target = openTarget();
    absent(target);
    target.effects.restore = () => {
      target.state.legacy.cafe_kopi = [collection('menus', 1)];
      throw new Error('kill -9');
    };
    await expect(perform(target, 'bring-in-database', kopi)).rejects.toThrow('kill -9');
    target.effects.restore = undefined;
    expect(await perform(target, 'bring-in-database', kopi)).toMatchObject({ digests: 'equal' });
  });

  it('keeps what is found in its place later: somebody may have restored it by hand, and let users in', async () => {
    using target = openTarget();
    absent(target);
    target.effects.restore = () => Promise.reject(new Error('connection lost'));
    await expect(perform(target, 'bring-in-database', kopi)).rejects.toThrow('connection lost');
    target.effects.restore = undefined;
    target.state.legacy.cafe_kopi = [collection('menus', 5, 'live')];
    target.done.length = 0;
    await perform(target, 'bring-in-database', { ...kopi });
    expect(target.done).toEqual(['dump cafe_kopi', 'restore cafe_kopi']);
  });

  it('never replaces a database that somebody else made, however often the run is resumed', async () => {
    using target = openTarget();
    for (const _attempt of [1, 2, 3]) {
      await expect(perform(target, 'bring-in-database', kopi)).rejects.toMatchObject({
        reason: 'person-needed',
      });
    }
    expect(target.done).toEqual([]);
  });
});

/** Three collections, each of so many bytes. */
const hugeIn = (manifest: BackupManifest, bytes: number): BackupManifest => ({
  ...manifest,
  databases: manifest.databases.map((database) => ({
    ...database,
    collections: database.collections.map((each) => ({ ...each, bytes })),
  })),
});

const collections = { name: 'cafe_kopi', tenant: 'kopi', policy: 'restore' } as const;

describe('where the legacy main database is the unified one', () => {
  const own = ['negoes', 'kopi'].map((tenant) => ({ name: `cafe_${tenant}`, tenant, policy: 'restore' as const }));
  const main = { name: 'cafe_v2', policy: 'merge' as const, collections: ['tenants'] };
  const shared = { mongo: { legacyDatabases: [...own, main] } };

  it('the legacy file may lead there, which proves nothing; to the other case of it, or for a tenant, it may not', async () => {
    using target = openTarget(shared);
    Object.assign(target.state, { legacyDatabase: 'cafe_v2' });
    expect(await look(target, 'check-legacy-environment')).toMatchObject({ legacy: 'MONGODB_URI=cafe_v2' });
    Object.assign(target.state, { legacyDatabase: 'Cafe_V2' });
    await expect(look(target, 'check-legacy-environment')).rejects.toMatchObject({ reason: 'wrong-database' });
    using forTenant = openTarget({ ...shared, target: { ...forTenants, tenants: [{ slug: 'v2' }, { slug: 'kopi' }] } });
    await expect(look(forTenant, 'check-legacy-environment')).rejects.toMatchObject({ reason: 'wrong-database' });
  });
});

const forTenants = { name: 'cafe', applicationUrl: 'http://127.0.0.1:5001', publicUrl: 'http://127.0.0.1:8080' };

eachFails(
  [
    {
      action: 'save-changes',
      when: 'git ends well and saves nothing',
      spoil: ({ effects }) => void Object.assign(effects, { saveLocalChanges: () => {} }),
      reason: 'not-proven',
      message: /the local changes in the checkout are not saved/,
    },
    {
      action: 'check-disk',
      when: 'there is less room than all data, the packages and what must stay free',
      spoil: ({ state }) => void Object.assign(state, { free: 1.5 * 2 ** 30 }),
      reason: 'disk-too-small',
      message: /evidence and .*releases: 1\.50 GiB free, 1\.50 GiB are needed$/,
    },
    {
      action: 'check-room',
      when: 'somebody has filled the disk of the snapshots during the preparation',
      spoil: ({ state }) => void Object.assign(state, { free: 0.5 * 2 ** 30 }),
      reason: 'disk-too-small',
      message: /evidence: 0\.50 GiB free, 1\.00 GiB are needed$/,
    },
    {
      action: 'check-disk',
      when: 'the code goes to another disk, which is full',
      spoil: ({ state, settings, world }) => {
        state.disks = { [settings.code.releases]: 'another' };
        const { space } = world.host;
        Object.assign(world.host, {
          space: async (folder: string) => {
            const found = await space(folder);
            return folder === settings.code.releases ? { ...found, free: 2 ** 30 } : found;
          },
        });
      },
      reason: 'disk-too-small',
      message: /^[^ ]*releases: 1\.00 GiB free, 1\.50 GiB are needed$/,
    },
    {
      action: 'check-disk',
      when: 'mongod has no room for what is brought in, while the evidence folder has',
      context: replacing,
      spoil: ({ state }) => void Object.assign(state, { mongodDisk: { free: 2 ** 30, total: 2 ** 40 } }),
      reason: 'disk-too-small',
      message: /^mongod at 127\.0\.0\.1:27017: 1\.00 GiB free, 1\.00 GiB are needed$/,
    },
    {
      action: 'check-disk',
      when: 'all of it together is too much for the one disk that everything lies on',
      context: replacing,
      spoil: ({ state }) => {
        state.manifest = hugeIn(state.manifest, 2 ** 30);
        Object.assign(state, { free: 5 * 2 ** 29, mongodDisk: { free: 5 * 2 ** 29, total: 500 * 2 ** 30 } });
      },
      reason: 'disk-too-small',
      message: /2\.50 GiB free, 4\.50 GiB are needed/,
    },
    {
      action: 'check-legacy-environment',
      when: 'the legacy file leads to the unified database',
      spoil: ({ state }) => void Object.assign(state, { legacyDatabase: 'Cafe_V2' }),
      reason: 'wrong-database',
      message: /MONGODB_URI may resolve to the unified database cafe_v2/,
    },
    {
      action: 'check-legacy-environment',
      when: 'it leads there for one tenant only',
      settings: {
        target: {
          name: 'cafe',
          applicationUrl: 'http://127.0.0.1:5001',
          publicUrl: 'http://127.0.0.1:8080',
          tenants: [{ slug: 'v2' }, { slug: 'kopi' }],
        },
        mongo: { legacyDatabases: [collections] },
      },
      spoil: () => {},
      reason: 'wrong-database',
      message: /for tenant v2/,
    },
    {
      action: 'stage-code',
      when: 'git ends well and stages nothing',
      spoil: ({ effects }) => void Object.assign(effects, { stage: () => {} }),
      reason: 'not-proven',
      message: /not staged at c0ffee/,
    },
    {
      action: 'stage-code',
      when: 'another commit was staged',
      spoil: ({ state, effects }) => {
        effects.stage = () => void Object.assign(state, { staged: { folder: '/x', commit: 'moved' } });
      },
      reason: 'not-proven',
      message: /not staged at c0ffee/,
    },
    {
      action: 'stage-dependencies',
      when: 'npm ends well and installs nothing',
      spoil: ({ state, effects }) => {
        Object.assign(state, { staged: { folder: '/x', commit: legacyCommit }, missingPackages: ['express@4.0.0'] });
        effects.install = () => {};
      },
      reason: 'not-proven',
      message: /not installed: express@4\.0\.0/,
    },
    {
      action: 'stage-dependencies',
      when: 'there is no staged code',
      spoil: () => {},
      reason: 'not-proven',
      message: /not staged/,
    },
    {
      action: 'check-target',
      when: 'a folder lies where the freeze marker must be',
      spoil: ({ settings }) => void mkdirSync(settings.rollback.freezeFile),
      reason: 'refused',
      message: /could not be finished: .*deploys-frozen\.json is a folder\. Mend: move it away/,
    },
    {
      action: 'bring-in-database',
      when: 'mongorestore ends well and restores nothing',
      context: kopi,
      spoil: (target) => {
        absent(target);
        target.effects.restore = () => {};
      },
      reason: 'data-differs',
      message: /cafe_kopi is not there/,
    },
    {
      action: 'bring-in-database',
      when: 'it restores half',
      context: kopi,
      spoil: (target) => {
        absent(target);
        target.effects.restore = () => void Object.assign(target.state.legacy, { cafe_kopi: [collection('menus', 1)] });
      },
      reason: 'data-differs',
      message: /menus has 1 documents instead of 2/,
    },
    {
      action: 'bring-in-database',
      when: 'the configuration does not name it',
      context: { subject: 'cafe_v2' },
      spoil: () => {},
      reason: 'refused',
      message: /cafe_v2 is not among mongo\.legacyDatabases/,
    },
  ],
  () => {},
);
