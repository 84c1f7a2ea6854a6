import { describe, expect, it } from 'vitest';
import type { RequestSlot } from '../../../src/model/request-slot.ts';
import { brokenFeatures } from '../../../src/rules/sources/broken-features.ts';
import { tenants } from '../judging.ts';
import { eyes, hour, logLook, minute, ownLook, rules, type SlotSaid, samplesOf, slotOf, slots } from '../looks.ts';

const half = 30 * minute;
const now = 3 * hour;
/** Of the shorter window. */
const first = now - half;
const settings = rules['feature-breakage'];

interface Told {
  readonly own?: readonly RequestSlot[];
  readonly from?: number;
  readonly windows?: readonly number[];
}
const broken = (real: readonly RequestSlot[], { own = [], from = 0, windows = settings.windows }: Told = {}) => {
  const samples = samplesOf([...eyes(now - hour, now), ownLook(now, own), logLook(now, real)], now);
  return brokenFeatures({ samples, from, now, tenants }, { ...settings, windows });
};
const saidOf = (...asked: Parameters<typeof broken>) => broken(...asked).map(({ said }) => said);
const report = (requests: number, errors: number): SlotSaid => ({ routes: { report: { requests, errors } } });
const shop = (requests: number, errors: number): SlotSaid => ({ tenants: { shop: [requests, errors] } });

describe('what does not work', () => {
  it('is told as soon as a route or a tenant fails, also where both do', () => {
    const both: SlotSaid = { tenants: { kopi: [10, 10] }, routes: { report: { requests: 10, errors: 10 } } };
    expect(broken([slotOf(now - minute, both)])).toEqual([
      expect.objectContaining({ kind: 'route', name: 'report', said: '10 of 10 requests of report failed in 30m' }),
      expect.objectContaining({ kind: 'tenant', name: 'kopi', said: '10 of 10 requests of kopi failed in 30m' }),
    ]);
  });

  it('is told in the shortest of the windows that shows it', () => {
    const windows = [10 * minute, 20 * minute, half];
    const ago = (ms: number) => saidOf([slotOf(now - ms, report(10, 10))], { windows });
    expect(ago(10 * minute)).toEqual(['10 of 10 requests of report failed in 10m']);
    expect(ago(20 * minute)).toEqual(['10 of 10 requests of report failed in 20m']);
    expect(ago(half)).toEqual(['10 of 10 requests of report failed in 30m']);
    expect(ago(half + 5_000)).toEqual([]);
  });

  it('is told by rollbackd’s own requests only where there was no real one in the longest window, from the given moment on', () => {
    const own = [slotOf(now - minute, report(10, 10))];
    const real = (ms: number, told: Told = {}) =>
      saidOf([slotOf(now - ms, { requests: 1 })], { ...told, own, windows: told.windows ?? settings.windows });
    expect([real(hour), real(hour + 5_000)]).toEqual([[], ['10 of 10 requests of report failed in 30m']]);
    expect(real(half + 5_000)).toEqual([]);
    const alone = { windows: [half] };
    expect([real(half, alone).length, real(half + 5_000, alone).length]).toEqual([0, 1]);
    const since = (from: number) => real(10 * minute, { from }).length;
    expect([since(now - 10 * minute), since(now - 10 * minute + 1)]).toEqual([0, 1]);
    expect(saidOf([], { own })).toHaveLength(1);
    expect(saidOf([])).toEqual([]);
  });

  it('is over for a tenant where most of the newest requests go well', () => {
    const kopi = (errors: number): SlotSaid => ({ tenants: { kopi: [2, errors], negoes: [2, 2] } });
    const newest = (errors: number) =>
      broken([...slots(first, now - 5 * minute, kopi(2)), ...slots(now - 5 * minute, now, kopi(errors))]);
    expect(newest(2).map(({ name }) => name)).toEqual(['kopi', 'negoes']);
    expect(newest(1).map(({ name }) => name)).toEqual(['negoes']);
  });
});

describe('a slug that is not configured', () => {
  const fails = slots(first, now, { tenants: { shop: [1, 1], kopi: [1, 0] } });
  const named = (before: readonly RequestSlot[], from = 0) => broken([...before, ...fails], { from });
  const begin = first - hour;

  it.each([
    ['was answered well before', [slotOf(begin, shop(2, 1))], 1],
    ['was answered well at some time before', [slotOf(begin, shop(2, 1)), slotOf(begin + 5_000, shop(2, 2))], 1],
    ['was answered well beside others', [slotOf(begin, { tenants: { kopi: [1, 1], shop: [1, 0] } })], 1],
    ['was only ever answered badly', [slotOf(begin, shop(2, 2))], 0],
    ['never asked while others were answered well', [slotOf(begin, { tenants: { kopi: [9, 0], shop: [9, 9] } })], 0],
    ['never asked before', [], 0],
  ] as const)('that %s', (_what, before, found) => {
    expect(named(before)).toHaveLength(found);
  });

  it('is somebody’s customer only from the given moment on, and not by an answer of the failing time itself', () => {
    const before = [slotOf(begin, shop(1, 0))];
    expect([named(before, begin), named(before, begin + 1)]).toMatchObject([[{ name: 'shop' }], []]);
    const within = (at: number) =>
      broken([slotOf(at, shop(1, 0)), ...slots(first + 5_000, now, shop(1, 1))], { windows: [half] });
    expect([within(first - 5_000), within(first)]).toMatchObject([[{ name: 'shop' }], []]);
  });
});

describe('a route that has begun to refuse', () => {
  const login = (requests: number, refused: number): SlotSaid => ({
    requests: 20,
    refused,
    routes: { login: { requests, refused } },
  });
  const refuses = slots(first, now, login(0, 1));

  it('is well again where it refuses no more than half of the newest requests', () => {
    const before = slots(first - hour, first, login(9, 0));
    const newest = (requests: number, refused: number) =>
      broken([
        ...before,
        ...slots(first, now - 5 * minute, login(0, 20)),
        ...slots(now - 5 * minute, now, login(requests, refused)),
      ]);
    expect(newest(9, 10)).toMatchObject([{ kind: 'route', name: 'login', tenants: [] }]);
    expect(newest(10, 10)).toEqual([]);
  });

  it('answered as often before as is enough, reckoned over as much time', () => {
    const answeredBefore = (ms: number, answered: number) =>
      broken([slotOf(first - ms, login(answered, 0)), slotOf(first - 5_000, login(0, 0)), ...refuses], {
        windows: [half],
      }).length;
    expect([answeredBefore(10 * minute, 7), answeredBefore(10 * minute, 8)]).toEqual([0, 1]);
    expect([answeredBefore(hour, 15), answeredBefore(hour, 16)]).toEqual([0, 1]);
  });

  it('is measured by what came from the given moment on', () => {
    const before = [...slots(first - hour, first - half, login(0, 9)), ...slots(first - half, first, login(9, 0))];
    const since = (from: number) => broken([...before, ...refuses], { from, windows: [half] }).length;
    expect([since(first - half), since(first - hour)]).toEqual([1, 0]);
    expect(since(first)).toBe(0);
  });
});
