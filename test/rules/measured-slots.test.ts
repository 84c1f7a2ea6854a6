import { describe, expect, it } from 'vitest';
import { provenSlots, recentOf } from '../../src/rules/windows/proven-slots.ts';
import { rules } from './looks.ts';
import { minutes, slot, times, type Watched } from './request-slots.ts';

const busy = { requests: 50 };
const own = { requests: 10 };

const proven = (watched: Watched, { late = 0, from = 0 } = {}) => {
  const { windows, now } = minutes(watched);
  return [...provenSlots(windows, rules.requests, now + late, from)];
};
const sources = (watched: Watched) => proven(watched).map(({ counts, source }) => (counts ? source : 'nothing'));

describe('what a slot proves', () => {
  it('is told from the newest back, once a slot is over and its log must have been read', () => {
    expect(proven({ real: times(3, busy) }).map(({ at }) => at / slot)).toEqual([2, 1, 0]);
    expect(proven({ real: times(3, busy) }, { late: -1 }).map(({ at }) => at / slot)).toEqual([1, 0]);
  });

  it('rests on real requests where there are enough of them, else on rollbackd’s own, else on nothing', () => {
    const few = { requests: 49 };
    expect(sources({ real: [busy, few, few, undefined], own: [own, own, { requests: 9 }, own] })).toEqual([
      'synthetic',
      'nothing',
      'synthetic',
      'real',
    ]);
  });

  it('is nothing for rollbackd’s own requests while its own network was gone, just before and just after', () => {
    expect(sources({ own: times(5, own), offline: [2] })).toEqual([
      'synthetic',
      'nothing',
      'nothing',
      'nothing',
      'synthetic',
    ]);
    expect(sources({ real: times(3, busy), own: times(3, own), offline: [0, 1, 2] })).toEqual(times(3, 'real'));
  });

  it('counts from the first whole slot after the given moment', () => {
    expect(proven({ real: times(5, busy) }, { from: slot + 1 }).map(({ at }) => at / slot)).toEqual([4, 3, 2]);
  });

  it('says nothing of slots that nobody told of, in between and since', () => {
    const seen = proven({ real: [busy, undefined, busy] }, { late: 2 * slot });
    expect(seen.map(({ counts }) => counts?.requests)).toEqual([undefined, undefined, 50, undefined, 50]);
    expect(proven({}, { late: 100 * slot })).toEqual([]);
  });

  it('adds the newest slots that prove something up to one, over gaps', () => {
    const seen = proven({ real: [{ requests: 60 }, { requests: 70 }, undefined, { requests: 80 }, { requests: 90 }] });
    expect(recentOf(seen, 3)).toMatchObject({ counts: { requests: 240, at: slot }, source: 'real' });
    expect(recentOf(proven({ own: times(2, own) }), 3)).toMatchObject({
      counts: { requests: 20 },
      source: 'synthetic',
    });
    expect(recentOf([], 3)).toBeUndefined();
  });
});
