import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perform } from './perform.ts';
import { priceIndexRequired as required } from './settings.ts';
import { collection, idIndex } from './stored.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

const kopi = { subject: 'cafe_kopi' };
const byName = { name: 'name_1', key: [['name', 1]] as [string, number][], options: { unique: true } };

/** The backup of kopi's menus has a unique index besides the one on _id. */
const indexed = ({ state }: Target) => {
  state.legacy.cafe_kopi = [collection('menus', 2)];
  state.manifest = {
    ...state.manifest,
    databases: state.manifest.databases.map((one) => ({
      ...one,
      collections: one.collections.map((each) => ({ ...each, indexes: [...each.indexes, byName] })),
    })),
  };
};

describe('restoring', () => {
  it('replaces what differs, and proves documents and digests', async () => {
    using target = openTarget();
    await perform(target, 'snapshot-legacy', kopi);
    expect(await perform(target, 'restore-database', kopi)).toEqual({ documents: 2, digests: 'equal' });
    expect(target.done).toEqual(['dump cafe_kopi', 'restore cafe_kopi']);
  });

  it('names the collections that the backup does not know, and that were kept', async () => {
    using target = openTarget();
    target.state.legacy.cafe_kopi = [collection('menus', 2), collection('notes', 1)];
    expect(await perform(target, 'verify-database', kopi)).toMatchObject({ kept: 'notes', indexes: 'complete' });
  });

  it('builds indexes that the configuration requires beside those of the backup, right after the documents', async () => {
    using target = openTarget(required);
    await perform(target, 'snapshot-legacy', kopi);
    await perform(target, 'restore-database', kopi);
    expect(target.done).toEqual(['dump cafe_kopi', 'restore cafe_kopi', 'createIndex cafe_kopi.menus price_-1']);
    expect(await perform(target, 'verify-database', kopi)).toMatchObject({ indexes: 'complete' });
  });

  it('leaves alone what is not named with policy merge', async () => {
    const merge = { name: 'cafe_main', policy: 'merge' as const, collections: ['users'] };
    using target = openTarget({ mongo: { legacyDatabases: [merge] } });
    const users = collection('users', 2);
    const { content: _, ...totals } = users;
    const backup = {
      database: 'cafe_main',
      location: 'cafe_main',
      collections: [{ ...totals, indexes: [idIndex], fileHash: '' }],
    };
    target.state.manifest = { ...target.state.manifest, databases: [backup] };
    target.state.legacy.cafe_main = [users, collection('orders', 7)];
    expect(await perform(target, 'verify-database', { subject: 'cafe_main' })).toMatchObject({ kept: 'orders' });
  });
});

describe('before a drop', () => {
  const negoes = { subject: 'cafe_negoes' };
  const differing = [collection('menus', 9), collection('orders', 4, 'live')];

  it('what was written since the snapshot is kept once more', async () => {
    using target = openTarget();
    await perform(target, 'snapshot-legacy', kopi);
    target.state.legacy.cafe_kopi = [collection('menus', 7, 'live')];
    await perform(target, 'restore-database', kopi);
    expect(target.done).toEqual(['dump cafe_kopi', 'dump cafe_kopi', 'restore cafe_kopi']);
  });

  it('a database without any snapshot is kept first', async () => {
    using target = openTarget();
    await perform(target, 'restore-database', kopi);
    expect(target.done).toEqual(['dump cafe_kopi', 'restore cafe_kopi']);
  });

  it('what a restore had done or not reached when it was cut off is not kept again: it lies in the backup or the snapshot', async () => {
    using target = openTarget();
    target.state.legacy.cafe_negoes = differing;
    await perform(target, 'snapshot-legacy', negoes);
    for (const left of [[collection('menus', 2), ...differing.slice(1)], differing.slice(1), []]) {
      target.state.legacy.cafe_negoes = left;
      target.done.length = 0;
      await perform(target, 'restore-database', negoes);
      expect(target.done).toEqual(['restore cafe_negoes']);
    }
  });

  it('half a collection is kept: nobody can tell whose it is', async () => {
    using target = openTarget();
    target.state.legacy.cafe_negoes = differing;
    await perform(target, 'snapshot-legacy', negoes);
    target.state.legacy.cafe_negoes = [collection('menus', 1), ...differing.slice(1)];
    target.done.length = 0;
    await perform(target, 'restore-database', negoes);
    expect(target.done).toEqual(['dump cafe_negoes', 'restore cafe_negoes']);
  });

  it('a snapshot that is not whole any more is none', async () => {
    using target = openTarget();
    await perform(target, 'snapshot-legacy', kopi);
    rmSync(join(target.settings.rollback.evidenceFolder, 'run-1/legacy-state/cafe_kopi/menus.metadata.json'));
    await perform(target, 'restore-database', kopi);
    expect(target.done).toEqual(['dump cafe_kopi', 'dump cafe_kopi', 'restore cafe_kopi']);
  });
});

eachFails(
  [
    {
      action: 'restore-database',
      when: 'somebody writes while it is kept once more: nothing is dropped',
      context: kopi,
      spoil: ({ state, effects }) => {
        effects.dump = () => void Object.assign(state.legacy, { cafe_kopi: [collection('menus', 8)] });
        effects.restore = () => Promise.reject(new Error('dropped'));
      },
      reason: 'not-proven',
      message: /no snapshot of cafe_kopi/,
    },
    {
      action: 'restore-database',
      when: 'somebody writes while it is compared: nothing is dropped',
      context: kopi,
      spoil: ({ state, world, effects }) => {
        const { databaseState } = world.legacy;
        world.legacy.databaseState = async (...asked) => {
          const found = await databaseState(...asked);
          state.activity = { ...state.activity, writes: { cafe_kopi: 1 } };
          return found;
        };
        effects.restore = () => Promise.reject(new Error('dropped'));
      },
      reason: 'not-fenced',
      message: /1 writes to cafe_kopi/,
    },
    {
      action: 'restore-database',
      when: 'a time series has taken the place of a collection since it was planned: it would be dropped, and nothing keeps it',
      context: kopi,
      spoil: ({ state, effects }) => {
        state.timeSeries = { cafe_kopi: ['menus'] };
        effects.restore = () => Promise.reject(new Error('dropped'));
      },
      reason: 'refused',
      message: /menus of cafe_kopi would be dropped/,
    },
    {
      action: 'restore-database',
      when: 'there is no room to keep it once more: nothing is dropped',
      context: kopi,
      spoil: ({ state, effects }) => {
        state.free = 2 ** 30;
        effects.restore = () => Promise.reject(new Error('dropped'));
      },
      reason: 'disk-too-small',
      message: /cafe_kopi must be kept,/,
    },
    {
      action: 'restore-database',
      when: 'mongorestore ends well and restores nothing',
      context: kopi,
      spoil: ({ effects }) => void Object.assign(effects, { restore: () => {} }),
      reason: 'data-differs',
      message: /cafe_kopi differs from the backup: menus has 3 documents instead of 2/,
    },
    {
      action: 'restore-database',
      when: 'as many documents are there, but not the same ones',
      context: kopi,
      spoil: ({ state, effects }) => {
        effects.restore = () => void Object.assign(state.legacy, { cafe_kopi: [collection('menus', 2, 'other')] });
      },
      reason: 'data-differs',
      message: /not the same ones/,
    },
    {
      action: 'restore-database',
      when: 'the database is gone afterwards',
      context: kopi,
      spoil: ({ state, effects }) => {
        effects.restore = () => void Object.assign(state.legacy, { cafe_kopi: [] });
      },
      reason: 'data-differs',
      message: /is not there/,
    },
    {
      action: 'restore-database',
      when: 'the backup no longer holds it',
      context: kopi,
      spoil: ({ state }) => void Object.assign(state, { manifest: { ...state.manifest, databases: [] } }),
      reason: 'backup-changed',
      message: /does not hold cafe_kopi/,
    },
    {
      action: 'verify-database',
      when: 'a document was written meanwhile',
      context: kopi,
      spoil: ({ state }) => void Object.assign(state.legacy, { cafe_kopi: [collection('menus', 3)] }),
      reason: 'data-differs',
      message: /menus has 3 documents instead of 2/,
    },
    {
      action: 'verify-database',
      when: 'an index is missing that was to be built before users were put out',
      context: kopi,
      spoil: indexed,
      reason: 'data-differs',
      message: /cafe_kopi lacks the index name_1 of menus/,
    },
    {
      action: 'verify-database',
      when: 'another index has the name of one of the backup',
      context: kopi,
      spoil: (target) => {
        indexed(target);
        const impostor = { ...byName, options: {} };
        target.state.legacy.cafe_kopi = [{ ...collection('menus', 2), indexes: [idIndex, impostor] }];
      },
      reason: 'data-differs',
      message: /another index under the name name_1/,
    },
  ],
  () => {},
);
