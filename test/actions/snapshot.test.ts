import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StepContext, StepFailed } from '../../src/actions/contract.ts';
import { snapshotLegacy } from '../../src/actions/restore/snapshot-legacy.ts';
import { snapshotUnified } from '../../src/actions/restore/snapshot-unified.ts';
import type { DumpSource } from '../../src/adapters/mongo/contract.ts';
import { collection, writeDump } from './stored.ts';
import { openTarget } from './target.ts';
import type { Target } from './target-state.ts';

let target: Target;
let context: StepContext;
let folder: string;

beforeEach(() => {
  target = openTarget();
  context = target.context({ subject: 'cafe_kopi' });
  folder = join(context.evidenceFolder, 'legacy-state');
  target.state.legacy.cafe_kopi = [collection('menus', 3), collection('orders', 2)];
});
afterEach(() => target[Symbol.dispose]());

const take = async () => {
  await snapshotLegacy.perform?.(context);
  return snapshotLegacy.prove(context);
};

describe('a snapshot', () => {
  it('is proven by reading it and the server', async () => {
    await expect(snapshotLegacy.prove(context)).rejects.toThrow(/no snapshot of cafe_kopi/);
    expect(await take()).toEqual({ folder, documents: 5, collections: 2 });
  });

  it('can be read by nobody but the daemon', async () => {
    await take();
    const modes = ['menus.bson', 'menus.metadata.json'].map((file) => statSync(join(folder, 'cafe_kopi', file)).mode);
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('of the unified database lies in a folder of its own', async () => {
    await snapshotUnified.perform?.(context);
    expect(await snapshotUnified.prove(context)).toMatchObject({
      folder: join(context.evidenceFolder, 'unified-state'),
      documents: 6,
    });
  });

  it('leaves time series out, and says so', async () => {
    target.state.timeSeries = { cafe_kopi: ['weather'] };
    const sources: DumpSource[] = [];
    const { dump } = context.world.tools;
    Object.assign(context.world.tools, {
      dump: (...asked: Parameters<typeof dump>) => {
        sources.push(asked[0]);
        return dump(...asked);
      },
    });
    expect(await take()).toMatchObject({ timeSeriesLeftOut: 'weather' });
    expect(sources).toEqual([{ side: 'legacy', database: 'cafe_kopi', without: ['weather'] }]);
  });

  it('is not proven by a tool that ended well and wrote nothing', async () => {
    target.effects.dump = () => {};
    await expect(take()).rejects.toMatchObject({ reason: 'not-proven' });
  });

  it('is not proven when a whole collection is missing from it', async () => {
    target.effects.dump = () => writeDump(folder, 'cafe_kopi', [collection('menus', 3)]);
    await expect(take()).rejects.toMatchObject({
      reason: 'data-differs',
      message: expect.stringContaining('orders is not in the snapshot'),
    });
  });

  it('is not proven when the server has gone on', async () => {
    await take();
    target.state.legacy.cafe_kopi = [collection('menus', 3), collection('orders', 3)];
    await expect(snapshotLegacy.prove(context)).rejects.toThrow(/orders has 3 documents instead of 2/);
  });

  it('is not proven by as many documents that are not the same', async () => {
    target.effects.dump = () =>
      writeDump(folder, 'cafe_kopi', [collection('menus', 3, 'other'), collection('orders', 2)]);
    await expect(take()).rejects.toThrow(/menus has 3 documents, but not the same ones/);
  });

  it.each<[string, (database: string) => void]>([
    ['half a file', (database) => writeFileSync(join(database, 'menus.bson'), Buffer.from([200, 0, 0, 0, 1]))],
    ['documents without a description', (database) => rmSync(join(database, 'menus.metadata.json'))],
    [
      'an empty folder',
      (database) => {
        rmSync(database, { recursive: true });
        mkdirSync(database);
      },
    ],
  ])('is to be taken anew, not an end of the run, when a crash left %s', async (_what, spoil) => {
    await take();
    spoil(join(folder, 'cafe_kopi'));
    await expect(snapshotLegacy.prove(context)).rejects.toThrow(StepFailed);
  });

  it('ends with the reason of its signal', async () => {
    await take();
    const stopping = new AbortController();
    stopping.abort(new Error('the daemon stops'));
    await expect(snapshotLegacy.prove({ ...context, signal: stopping.signal })).rejects.toThrow('the daemon stops');
  });
});
