import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import { look, perform } from './perform.ts';
import { collection, writeDump } from './stored.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

let target: Target;
const kopi = { subject: 'cafe_kopi' };
const evidence = () => readdirSync(join(target.settings.rollback.evidenceFolder, 'run-1'));

beforeEach(() => {
  target = openTarget();
});
afterEach(() => target[Symbol.dispose]());

it('takes a snapshot while users are served, proves it and throws it away', async () => {
  expect(await perform(target, 'try-unified-snapshot')).toEqual({ collections: 2, documents: 6 });
  expect(await perform(target, 'try-legacy-snapshot', kopi)).toEqual({ collections: 1, documents: 3 });
  expect(evidence()).toEqual(['trial-legacy-cafe_kopi.json', 'trial-unified-cafe_v2.json']);
  expect(target.done).toEqual(['dump cafe_v2', 'dump cafe_kopi']);
});

it('is not taken again where the run has succeeded in it before', async () => {
  await expect(look(target, 'try-legacy-snapshot', kopi)).rejects.toMatchObject({ reason: 'not-proven' });
  await perform(target, 'try-legacy-snapshot', kopi);
  expect(await look(target, 'try-legacy-snapshot', kopi)).toEqual({ collections: 1, documents: 3 });
});

it('does not mind that users write meanwhile, nor a collection that comes or goes', async () => {
  target.effects.dump = async () => {
    await writeDump(
      join(target.settings.rollback.evidenceFolder, 'run-1/trial-unified'),
      'cafe_v2',
      target.state.unified,
    );
    target.state.unified = [collection('menus', 9), collection('tenants', 2), collection('carts', 1)];
  };
  expect(await perform(target, 'try-unified-snapshot')).toMatchObject({ collections: 2 });
});

it.each([
  [
    'the tool fails',
    () => Promise.reject(new RollbackdError('tool-failed', 'a view cannot be read')),
    /cannot be read/,
  ],
  ['the tool ends well and writes nothing', () => {}, /no snapshot of cafe_kopi/],
] as const)('ends the run before anything is stopped where %s, and leaves nothing', async (_when, effect, why) => {
  target.effects.dump = effect;
  await expect(perform(target, 'try-legacy-snapshot', kopi)).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(why),
    remedy: expect.stringMatching(/^nothing was stopped\./),
  });
  expect(evidence()).toEqual([]);
});

it('names a collection that the tool passes over', async () => {
  target.state.legacy.cafe_kopi = [collection('menus', 3), collection('orders', 2)];
  target.effects.dump = async () => {
    const folder = join(target.settings.rollback.evidenceFolder, 'run-1/trial-legacy');
    await writeDump(folder, 'cafe_kopi', [collection('menus', 3)]);
  };
  await expect(perform(target, 'try-legacy-snapshot', kopi)).rejects.toThrow(/does not hold orders/);
});

it('has nothing to try where the unified database is gone by now', async () => {
  target.state.unified = [];
  expect(await perform(target, 'try-unified-snapshot')).toEqual({ collections: 0, documents: 0 });
});
