import { describe, expect, it } from 'vitest';
import type { IndexDefinition } from '../../src/model/backup.ts';
import { assess } from '../../src/rollback/assess.ts';
import { look, perform } from './perform.ts';
import { priceIndexRequired as required } from './settings.ts';
import { backedUp, collection, idIndex, manifestOf } from './stored.ts';
import { eachFails } from './table.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

const kopi = { subject: 'cafe_kopi' };
const byName: IndexDefinition = { name: 'name_1', key: [['name', 1]], options: { unique: true } };
const expiring: IndexDefinition = { name: 'at_1', key: [['at', 1]], options: { expireAfterSeconds: 60 } };

/** The backup of kopi's menus has these indexes; the server has its documents and none of them. */
function lacks(target: Target, ...indexes: IndexDefinition[]): void {
  const menus = { ...collection('menus', 2), indexes: [idIndex, ...indexes] };
  target.state.manifest = manifestOf({ ...backedUp(), cafe_kopi: [menus] });
  target.state.legacy.cafe_kopi = [collection('menus', 2)];
}

describe('indexes that an equal database lacks', () => {
  it('are built as the backup has them, while users are served', async () => {
    using target = openTarget();
    lacks(target, byName);
    expect(await perform(target, 'build-indexes', kopi)).toEqual({ documents: 2, digests: 'equal' });
    expect(target.done).toEqual(['createIndex cafe_kopi.menus name_1']);
    expect(await perform(target, 'verify-database', kopi)).toMatchObject({ indexes: 'complete' });
    expect(target.done).toHaveLength(1);
  });

  it('are built as the configuration requires them, whatever theirs is called', async () => {
    using target = openTarget(required);
    lacks(target);
    const lacking = async () =>
      (await assess(target.world, new AbortController().signal)).legacyStates[0]?.missingIndexes;
    expect(await lacking()).toMatchObject([{ collection: 'menus', index: { name: 'price_-1' } }]);
    await perform(target, 'build-indexes', kopi);
    expect(target.done).toEqual(['createIndex cafe_kopi.menus price_-1']);
    const renamed: IndexDefinition = { name: 'x', key: [['price', -1]], options: {} };
    target.state.legacy.cafe_kopi = [{ ...collection('menus', 2), indexes: [idIndex, renamed] } as never];
    expect(await lacking()).toEqual([]);
  });

  it('are not built where the tool has brought no collection: an empty one would only look like somebody’s', async () => {
    using target = openTarget(required);
    delete target.state.legacy.cafe_kopi;
    target.effects.restore = () => {};
    await expect(perform(target, 'bring-in-database', kopi)).rejects.toMatchObject({ reason: 'data-differs' });
    expect(target.done).toEqual(['restore cafe_kopi']);
  });

  it('that is required and in the backup under another name is built once', async () => {
    using target = openTarget(required);
    lacks(target, { name: 'by_price', key: [['price', -1]], options: {} });
    await perform(target, 'build-indexes', kopi);
    expect(target.done).toEqual(['createIndex cafe_kopi.menus by_price']);
  });

  it('are built as well where the server deletes documents by them: that is no difference', async () => {
    using target = openTarget();
    lacks(target, byName, expiring);
    await expect(look(target, 'verify-database', kopi)).rejects.toThrow(/lacks the index .*at_1 of menus/);
    await perform(target, 'build-indexes', kopi);
    expect(target.done).toEqual(['createIndex cafe_kopi.menus name_1', 'createIndex cafe_kopi.menus at_1']);
    const [menus] = target.state.legacy.cafe_kopi ?? [];
    target.state.legacy.cafe_kopi = [{ ...collection('menus', 1), indexes: menus?.indexes ?? [] }];
    expect(await perform(target, 'verify-database', kopi)).toEqual({
      documents: 2,
      digests: 'equal',
      expired: 'menus: 1 documents of the backup have expired; the rest of them is not compared',
      indexes: 'complete',
    });
  });
});

eachFails(
  [
    {
      action: 'build-indexes',
      when: 'nothing is there afterwards',
      context: kopi,
      spoil: (target) => {
        lacks(target, byName);
        target.effects.createIndex = () => {};
      },
      reason: 'data-differs',
      message: /cafe_kopi lacks the index name_1 of menus/,
    },
    {
      action: 'build-indexes',
      when: 'somebody has written into the database since it was planned',
      context: kopi,
      spoil: (target) => {
        lacks(target, byName);
        target.state.legacy.cafe_kopi = [collection('menus', 3)];
        target.effects.createIndex = () => Promise.reject(new Error('built'));
      },
      reason: 'data-differs',
      message: /cafe_kopi has changed meanwhile: menus has 3 documents instead of 2/,
    },
    {
      action: 'build-indexes',
      when: 'the database is gone',
      context: kopi,
      spoil: (target) => {
        lacks(target, byName);
        target.state.legacy = {};
        target.effects.createIndex = () => Promise.reject(new Error('built'));
      },
      reason: 'data-differs',
      message: /cafe_kopi is not there any more/,
    },
    {
      action: 'build-indexes',
      when: 'an index of that name is there with another definition: it is to be restored',
      context: kopi,
      spoil: (target) => {
        lacks(target, byName);
        const impostor = { ...byName, options: {} };
        target.state.legacy.cafe_kopi = [{ ...collection('menus', 2), indexes: [idIndex, impostor] }];
        target.effects.createIndex = () => Promise.reject(new Error('built'));
      },
      reason: 'data-differs',
      message: /another index under the name name_1/,
    },
  ],
  () => {},
);
