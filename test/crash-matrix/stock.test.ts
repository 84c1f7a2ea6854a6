import { describe, expect, it } from 'vitest';
import { type Beginning, count, type Now, type Stock } from './stock.ts';

const stock = (where: string, ...documents: readonly string[]): Stock =>
  new Map([[where, new Map(documents.map((document) => [document, 1]))]]);
const nothing: Stock = new Map();

const beginning: Beginning = {
  legacy: stock('cafe.orders', 'old', 'trial'),
  unified: stock('unified.orders', 'one', 'two'),
  backup: stock('cafe.orders', 'old', 'older'),
  alike: 0,
};
const restored: Now = {
  legacy: stock('cafe.orders', 'old', 'older'),
  unified: stock('unified.orders', 'one', 'two'),
  snapshots: stock('cafe.orders', 'old', 'trial'),
  alike: 0,
};
const counted = (changes: Partial<Now>, isRestored = true) => {
  const { lost, doubled } = count(beginning, { ...restored, ...changes }, isRestored);
  return { lost, doubled };
};

describe('the count of documents', () => {
  it('finds nothing lost where all is in place or in a snapshot', () => {
    expect(counted({})).toEqual({ lost: 0, doubled: 0 });
  });

  it('counts what was in a legacy database and lies in no snapshot', () => {
    expect(counted({ snapshots: nothing })).toEqual({ lost: 1, doubled: 0 });
    expect(counted({ snapshots: stock('another.orders', 'trial') })).toEqual({ lost: 1, doubled: 0 });
  });

  it('counts what is gone from the unified database, whatever a snapshot holds', () => {
    const now = { unified: stock('unified.orders', 'one'), snapshots: stock('unified.orders', 'two') };
    expect(counted({ ...now, legacy: stock('cafe.orders', 'old', 'older', 'trial') })).toEqual({ lost: 1, doubled: 0 });
  });

  it('counts what the backup holds and is not in place once it is to be restored', () => {
    expect(counted({ legacy: stock('cafe.orders', 'old') })).toEqual({ lost: 1, doubled: 0 });
    expect(counted({ legacy: nothing }, false)).toEqual({ lost: 0, doubled: 0 });
  });

  it('counts what is there more often than at the beginning', () => {
    expect(counted({ alike: 2 })).toEqual({ lost: 0, doubled: 2 });
  });
});
