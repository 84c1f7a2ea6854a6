import { describe, expect, it } from 'vitest';
import { type ShareRule, ShareSeries, type ShareWindow, type Tally } from '../../../src/rules/samples/shares.ts';

/** All six parts must be above, and the better half of them merely so. */
const window = (over: number, odds: number, failures = 6): ShareWindow => ({
  over,
  odds,
  failures,
  parts: 6,
  halfOdds: 1,
});

/** Slots of one second; windows of 6 s and 12 s, whose parts are 1 s and 2 s; all bad of 10 are once in 10^10. */
const rule: ShareRule = {
  slot: 1_000,
  windows: [window(6_000, 100), window(12_000, 20)],
  clearOdds: 20,
};
const thresholds = { above: 0.5, clear: 0.4 };

type Said = readonly [bad: number, all: number] | undefined;

const series = (said: readonly Said[], over: Partial<ShareRule> = {}, from = 0) =>
  new ShareSeries<Tally>(
    {
      slots: said.flatMap((each, index) =>
        each ? [{ at: index * 1_000, all: each[1], bad: each[0], badToClear: each[0] }] : [],
      ),
      of: (tally) => tally,
      from,
    },
    { ...rule, ...over },
    thresholds,
  );
const end = (said: readonly Said[]): number => said.length * 1_000;
const state = (said: readonly Said[], over: Partial<ShareRule> = {}, from = 0) =>
  series(said, over, from).stateAt(end(said));
const many = (count: number, said: Said): Said[] => Array.from({ length: count }, () => said);

const bad: Said = [4, 4];
const well: Said = [0, 4];
const none: Said = undefined;

describe('the requests of a window, as one', () => {
  it('are those of the slots that begin in it', () => {
    const all = series([[1, 2], [2, 3], none, [3, 5]]);
    expect(all.pooled(0, 4_000)).toEqual({ over: 4_000, all: 10, bad: 6, badToClear: 6 });
    expect(all.pooled(1_000, 3_000)).toMatchObject({ all: 3, bad: 2 });
    expect(all.pooled(1, 1_001)).toMatchObject({ all: 3 });
    expect(all.pooled(2_000, 3_000)).toMatchObject({ all: 0, bad: 0 });
    expect(all.pooled(3_000, 9_000)).toMatchObject({ all: 5 });
  });

  it('are added up as far back as somebody asks, and each once', () => {
    let asked = 0;
    const slots = Array.from({ length: 100 }, (_, index) => ({ at: index * 1_000 }));
    const of = () => {
      asked += 1;
      return { all: 1, bad: 0, badToClear: 0 };
    };
    const all = new ShareSeries({ slots, of, from: 0 }, rule, thresholds);
    // One more shows that there are no others.
    for (const [from, counted] of [
      [97_000, 4],
      [98_000, 4],
      [90_000, 11],
      [0, 100],
      [0, 100],
    ] as const) {
      all.pooled(from, 100_000);
      expect(asked).toBe(counted);
    }
  });

  it('are left out where they were before the given moment', () => {
    expect(series([bad, bad, bad], {}, 1_000).pooled(0, 3_000)).toMatchObject({ all: 8 });
    expect(series([bad, bad, bad], {}, 1_001).pooled(0, 3_000)).toMatchObject({ all: 4 });
  });
});

describe('slots that lie closer or further apart than now', () => {
  it('count each, as if they always had been', () => {
    const at = (times: readonly number[]) =>
      new ShareSeries(
        { slots: times.map((time) => ({ at: time, all: 1, bad: 0, badToClear: 0 })), of: (each) => each, from: 0 },
        rule,
        thresholds,
      );
    const close = at([0, 500, 1_000, 1_500]);
    expect([0, 1, 500, 501, 1_500, 1_501].map((from) => close.pooled(from, 2_000).all)).toEqual([4, 3, 3, 2, 1, 0]);
    const apart = at([0, 3_000, 4_000]);
    expect([0, 1, 3_000, 3_001, 4_001].map((from) => apart.pooled(from, 9_000).all)).toEqual([3, 2, 2, 1, 0]);
    expect(apart.pooled(-5_000, 0).all).toBe(0);
    expect(at([]).pooled(0, 9_000).all).toBe(0);
  });
});

describe('a share of bad requests', () => {
  it('fires by more than chance in the shortest window, and says since when and by what', () => {
    expect(state(many(6, bad))).toEqual({
      state: 'firing',
      since: 1_000,
      at: 6_000,
      by: { over: 6_000, all: 24, bad: 24, badToClear: 24 },
    });
    expect(state(many(6, [5, 8]))).toEqual({ state: 'quiet' });
    expect(state([])).toEqual({ state: 'quiet' });
  });

  it('fires by the odds of each window: what the shorter one takes for chance the longer one does not', () => {
    const five: Said = [5, 8];
    expect(state(many(11, five))).toEqual({ state: 'quiet' });
    expect(state(many(12, five))).toMatchObject({ state: 'firing', by: { over: 12_000, all: 96, bad: 60 } });
  });

  it('never fires by fewer bad ones than are wanted', () => {
    const alone = { windows: [window(6_000, 4)] };
    expect(state(many(6, [1, 1]), alone)).toMatchObject({ state: 'firing', by: { bad: 6 } });
    expect(state([...many(5, [1, 1] as const), none], { windows: [window(6_000, 4, 5)] })).toEqual({
      state: 'firing',
      since: 5_000,
      at: 5_000,
      by: expect.objectContaining({ bad: 5 }),
    });
    expect(state(many(6, [1, 1]), { windows: [window(6_000, 4, 7)] })).toEqual({ state: 'quiet' });
  });

  it('names every window that fires, the shortest first', () => {
    const overs = (said: readonly Said[]) => series(said).allFiringAt(end(said));
    expect(overs(many(12, bad))).toMatchObject([
      { over: 6_000, bad: 24 },
      { over: 12_000, bad: 48 },
    ]);
    expect(overs(many(12, [5, 8]))).toMatchObject([{ over: 12_000, bad: 60 }]);
    expect(overs(many(12, well))).toEqual([]);
  });

  it('fires by the window that ends now, and by one that ended earlier and was not resolved since', () => {
    expect(state([...many(6, bad), none, none])).toMatchObject({ state: 'firing', at: 7_000, since: 1_000 });
    expect(state([...many(6, bad), [2, 4], [2, 4]])).toMatchObject({ state: 'firing', since: 1_000 });
  });
});

describe('every part of a window', () => {
  it('may be fewer than all, where the better half is above by odds of its own', () => {
    const five: Partial<ShareRule> = { windows: [{ ...window(6_000, 2, 1), parts: 5 }] };
    const oneWell = [...many(2, bad), [1, 4] as const, ...many(3, bad)];
    expect(series(oneWell, alone).firingAt(6_000)).toBeUndefined();
    expect(series(oneWell, five).firingAt(6_000)).toBeDefined();
    const twoWell = oneWell.with(1, [1, 4]);
    expect(series(twoWell, five).firingAt(6_000)).toBeUndefined();
    // The better half is 9 of 12, wherever the one lies: by chance once in 4.8 times.
    const byHalf = (halfOdds: number, least = 2) =>
      series(many(6, bad).with(least, [1, 4]), {
        windows: [{ ...window(6_000, 2, 1), parts: 5, halfOdds }],
      }).firingAt(6_000);
    for (const least of [0, 2, 4]) {
      expect(byHalf(4, least)).toBeDefined();
      expect(byHalf(5, least)).toBeUndefined();
    }
  });

  const alone: Partial<ShareRule> = { windows: [window(6_000, 2, 1)] };

  it('is above the threshold where it has requests: a burst is in few of them', () => {
    const burst = (least: Said) => [...many(5, [8, 8] as const), least];
    expect(state(burst([3, 4]), alone).state).toBe('firing');
    const [first, ...rest] = many(6, [8, 8] as const);
    expect(first).toBeDefined();
    expect(series([[0, 4], ...rest], alone).firingAt(6_000)).toBeUndefined();
    expect(series([[2, 4], ...rest], alone).firingAt(6_000)).toBeUndefined();
    expect(series([[3, 4], ...rest], alone).firingAt(6_000)).toBeDefined();
  });

  it('may be without requests, but not the newest, nor more than half of them', () => {
    expect(series([none, none, none, bad, bad, bad], alone).firingAt(6_000)).toBeDefined();
    expect(series([none, none, none, none, bad, bad], alone).firingAt(6_000)).toBeUndefined();
    expect(series([bad, bad, bad, bad, bad, none], alone).firingAt(6_000)).toBeUndefined();
    expect(series([bad, none, bad, none, none, bad], alone).firingAt(6_000)).toBeDefined();
  });

  it('is a sixth of it', () => {
    const longer: Partial<ShareRule> = { windows: [window(12_000, 2, 1)] };
    const ofTwo = Array.from({ length: 6 }, (): Said[] => [
      [8, 8],
      [0, 4],
    ]).flat();
    expect(series(ofTwo, longer).firingAt(12_000)).toBeDefined();
    const ofThree = Array.from({ length: 4 }, (): Said[] => [
      [16, 16],
      [0, 4],
      [0, 4],
    ]).flat();
    expect(series(ofThree, longer).firingAt(12_000)).toBeUndefined();
  });
});

describe('trouble', () => {
  it('is resolved where one window is below `clear` by more than chance, and not sooner', () => {
    const later = (count: number) => state([...many(6, bad), none, ...many(count, [0, 1] as const)]);
    expect(later(5).state).toBe('firing');
    expect(later(6)).toEqual({ state: 'resolved' });
  });

  it('is not resolved while a shorter window is above, however well a longer one was', () => {
    const long = [...many(6, bad), ...many(48, well)];
    expect(state(long).state).toBe('resolved');
    const relapsed = series([...many(6, bad), ...many(42, well), ...many(6, [2, 4] as const)]);
    expect(relapsed.resolvedAt(54_000)).toBe(false);
    expect(relapsed.resolvedAt(48_000)).toBe(true);
  });

  it('is resolved by a longer window where a shorter one is at the very threshold', () => {
    expect(series([...many(6, [0, 5]), ...many(6, [2, 5])]).resolvedAt(12_000)).toBe(true);
    expect(series([...many(6, [0, 5]), ...many(5, [2, 5]), [3, 5]]).resolvedAt(12_000)).toBe(false);
  });

  it('is resolved by a window four times as long as the longest where few requests come', () => {
    const rare = [...many(6, bad), ...many(48, none)];
    for (const index of [8, 16, 24, 32, 40, 48]) rare[index] = [0, 1];
    expect(series(rare).resolvedAt(54_000)).toBe(true);
    expect(series(rare).resolvedAt(48_000)).toBe(false);
    expect(series(rare.map((said, index) => (index === 8 ? none : said))).resolvedAt(54_000)).toBe(false);
  });

  it('is resolved by `clear`, and well by `above`: in between it neither fires nor is resolved', () => {
    const between = series(many(12, [9, 20]));
    expect(between.firingAt(12_000)).toBeUndefined();
    expect(between.resolvedAt(12_000)).toBe(false);
    expect(series(many(48, [9, 20])).isWellAt(48_000)).toBe(true);
    expect(series(many(48, [9, 20])).resolvedAt(48_000)).toBe(false);
    expect(series(many(48, [7, 20])).resolvedAt(48_000)).toBe(true);
  });

  it('counts what is bad to be resolved apart from what is bad to fire', () => {
    const slots = Array.from({ length: 12 }, (_, index) => ({ at: index * 1_000, all: 4, bad: 0, badToClear: 4 }));
    const apart = new ShareSeries({ slots, of: (tally) => tally, from: 0 }, rule, thresholds);
    expect(apart.resolvedAt(12_000)).toBe(false);
    expect(apart.isWellAt(12_000)).toBe(true);
    expect(apart.pooled(0, 12_000)).toMatchObject({ bad: 0, badToClear: 48 });
  });

  it('began by the end of its first bad slot, back to where it was resolved last', () => {
    expect(state([...many(12, well), ...many(6, bad)])).toMatchObject({ since: 13_000 });
    expect(state([...many(60, bad)])).toMatchObject({ since: 1_000 });
    expect(state([...many(6, bad), ...many(48, well), well, ...many(6, bad)])).toMatchObject({ since: 56_000 });
    expect(state([none, none, well, ...many(6, bad)])).toMatchObject({ since: 4_000 });
  });

  it('began with the first part that is above by even odds: one bad request proves nothing, two of two do', () => {
    const early = (said: Said) => state([...many(12, well), said, ...many(6, bad)]);
    expect(early([1, 1])).toMatchObject({ since: 14_000 });
    expect(early([2, 2])).toMatchObject({ since: 13_000 });
  });

  it('began before a good moment where it was above throughout as long a time as the window', () => {
    expect(state([...many(5, bad), well, ...many(6, bad)])).toMatchObject({ since: 1_000, at: 12_000 });
    expect(state([...many(2, well), [2, 2], ...many(10, well), [2, 2], ...many(6, bad)])).toMatchObject({
      since: 14_000,
      at: 20_000,
    });
  });

  it('began with the first bad request of a part, where the part begins well', () => {
    const alternating = Array.from({ length: 6 }, (): Said[] => [
      [0, 1],
      [8, 8],
    ]).flat();
    expect(state(alternating, { windows: [window(12_000, 20)] })).toMatchObject({ since: 2_000, at: 12_000 });
  });

  it('began in the newest part where none shows it by itself, and not after it was seen', () => {
    const rare = Array.from({ length: 6 }, (): Said[] => [[1, 1], none]).flat();
    expect(state(rare, { windows: [window(12_000, 4)] })).toMatchObject({ since: 11_000, at: 12_000 });
    const five = { windows: [{ ...window(6_000, 4, 1), parts: 5 }] };
    const newestWell: Said[] = [...many(5, [1, 1]), [0, 1]];
    expect(state(newestWell, five)).toMatchObject({ since: 5_000, at: 6_000 });
    expect(state([...newestWell, [1, 2]], five)).toMatchObject({ since: 5_000, at: 6_000 });
  });

  it('goes on through a silence, and is forgotten with the samples alone', () => {
    expect(state([...many(6, bad), ...many(500, none)])).toMatchObject({ state: 'firing', at: 7_000 });
    expect(state([...many(6, bad), ...many(200, none), well])).toMatchObject({ state: 'firing', at: 7_000 });
    expect(state([...many(6, bad), ...many(200, none), [0, 8]])).toEqual({ state: 'resolved' });
    expect(state([...many(6, bad), ...many(200, none), [0, 8], [8, 8]])).toEqual({ state: 'resolved' });
  });

  it('is found at once, however long the silence', () => {
    expect(series(many(6, bad)).stateAt(1_000_000_000_000)).toMatchObject({ state: 'firing', at: 7_000, since: 1_000 });
  });

  it('that was resolved before a long silence stays resolved after it', () => {
    expect(state([...many(6, bad), ...many(48, well), ...many(300, none), [1, 2]])).toEqual({ state: 'resolved' });
  });
});

describe('the newest requests', () => {
  it('are those of a sixth of the shortest window, and further back until there are five', () => {
    expect(series([bad, well, [1, 5]]).newest(3_000)).toMatchObject({ all: 5, bad: 1, over: 1_000 });
    expect(series([bad, [2, 2], [1, 4]]).newest(3_000)).toMatchObject({ all: 6, bad: 3, over: 2_000 });
    expect(series([bad, none, none, [1, 4]]).newest(4_000)).toMatchObject({ all: 8, over: 4_000 });
    expect(series([none, [1, 4]]).newest(2_000)).toMatchObject({ all: 4, over: 1_000 });
    expect(series([]).newest(2_000)).toMatchObject({ all: 0 });
    const longer = { windows: [window(12_000, 20)] };
    expect(series([bad, [1, 5], [2, 5]], longer).newest(3_000)).toMatchObject({ all: 10, bad: 3, over: 2_000 });
  });

  it('are none of before the moment from which they count', () => {
    expect(series([bad, [1, 4]], {}, 1_000).newest(2_000)).toMatchObject({ all: 4, over: 1_000 });
  });
});
