import { describe, expect, it } from 'vitest';
import type { Observation, ProbeName } from '../../../src/model/observation.ts';
import { judgeSamples } from '../judging.ts';
import {
  eyes,
  healthLook,
  healthRound,
  isolationLook,
  minute,
  mongoLook,
  rounds,
  rules,
  samplesOf,
  times,
  unseen,
  up,
} from '../looks.ts';

const longer = 16 * minute;
const rows = (until: number, round: (at: number) => Observation[]) =>
  Array.from({ length: until / 10_000 }, (_, index) => round(index * 10_000)).flat();

const blindness = (looks: readonly Observation[], now: number, judgedFrom = 0) =>
  judgeSamples(samplesOf(looks, now), now, { judgedFrom }).blind;
const found = (looks: readonly Observation[], now: number) =>
  blindness(looks, now).map(({ probe, since }) => ({ probe, since }));

describe('blindness', () => {
  it('is lasting only when it has lasted for longer than an outage may', () => {
    const never = rows(longer, (at) => healthRound('blind', at));
    expect(found(never, 15 * minute)).toEqual([]);
    expect(found(never, 15 * minute + 1)).toEqual([{ probe: 'health', since: 0 }]);
  });

  it('is rollbackd’s own eyesight first: without it nothing else can be told', () => {
    const offline = rows(longer, (at) => [...healthRound('offline', at), unseen('mongo', at)]);
    expect(found(offline, longer)).toEqual([{ probe: 'control', since: 0 }]);
  });

  it('is an answer that nothing else agrees with, too, and says what it comes of', () => {
    const disputed = blindness(rounds(times(96, 'disputed')), longer);
    expect(disputed).toMatchObject([{ probe: 'health', since: 0 }]);
    expect(disputed[0]?.reason).toMatch(/^its health fails, and nothing else says that it is down/);
    expect(blindness(rounds(times(96, 'blind')), longer)).toMatchObject([{ reason: 'blind' }]);
  });

  it('is since the last look that proved anything, and of the given moment on', () => {
    const looks = [...rounds(['up']), ...rounds(times(120, 'blind'), 10_000)];
    expect(blindness(looks, 1 + 15 * minute)).toEqual([]);
    expect(blindness(looks, 2 + 15 * minute)).toMatchObject([{ probe: 'health', since: 1 }]);
    expect(blindness(looks, 20 * minute, 10_000)).toMatchObject([{ since: 10_000 }]);
    expect(blindness(looks, 20 * minute, 10_001)).toMatchObject([{ since: 20_000 }]);
  });

  it('is none while looks prove something, however little time may pass', () => {
    const impatient = { ...rules, unavailable: { ...rules.unavailable, for: 1 } };
    const sinceAt = (ms: number) =>
      judgeSamples(samplesOf(rounds(['up', 'up']), ms), ms, { rules: impatient }).blind.map(({ since }) => since);
    expect([sinceAt(20_000), sinceAt(10 * minute)]).toEqual([[], [10_001]]);
    expect(judgeSamples(samplesOf([], minute), minute, { rules: impatient }).blind).toEqual([]);
  });

  it.each(['mongo', 'tenants', 'requests', 'prometheus', 'journeys'] as const)(
    'is that of %s, until it sees again',
    (probe) => {
      const blind = rows(longer, (at) => [...healthRound('up', at), unseen(probe, at, 'certificate has expired')]);
      expect(blindness(blind, longer)).toEqual([{ probe, since: 0, reason: 'certificate has expired' }]);
      if (probe === 'mongo') expect(blindness([...blind, mongoLook(longer)], longer)).toEqual([]);
    },
  );

  it.each(['synthetic'] as const)('is not that of %s: nothing is decided by it alone', (probe: ProbeName) => {
    expect(
      found(
        rows(longer, (at) => [...healthRound('up', at), unseen(probe, at)]),
        longer,
      ),
    ).toEqual([]);
  });

  it('is a trusted route that shows no document of known owner, while the application is up', () => {
    const shown = (seen: Parameters<typeof isolationLook>[0], over = {}) =>
      found(
        rows(longer, (at) => [...healthRound('up', at), isolationLook(seen, at, over)]),
        longer,
      );
    expect(shown('empty')).toEqual([{ probe: 'isolation', since: 0 }]);
    expect(shown('blind')).toEqual([{ probe: 'isolation', since: 0 }]);
    expect(shown('clean', { checked: 1 })).toEqual([]);
    expect(shown('leak')).toEqual([]);
    expect(shown('empty', { trusted: false })).toEqual([]);
  });

  it('is no news by a route that is not trusted: it neither begins nor ends', () => {
    const looks = rows(longer, (at) => [
      ...healthRound('up', at),
      isolationLook('empty', at),
      isolationLook('clean', at, { trusted: false }),
    ]);
    expect(found(looks, longer)).toEqual([{ probe: 'isolation', since: 0 }]);
  });

  it('is that no list of a trusted route has been read for a while, though single documents still are', () => {
    const shown = (...looks: Observation[]) => blindness([...rounds(times(96, 'up')), ...looks], longer);
    const list = (at: number, over = {}) => isolationLook('clean', at, over);
    const single = (at: number) => list(at, { ask: 'foreign-id' });
    const unread = [{ probe: 'isolation', since: 0, reason: 'no list of a trusted route can be read any more' }];
    expect(shown(list(0), single(90_000))).toEqual(unread);
    expect(shown(list(0), single(89_999))).toEqual([]);
    expect(shown(list(0), single(90_000), list(90_001))).toEqual([]);
    expect(shown(list(0), single(90_000), list(90_001, { via: 'balancer' }))).toEqual(unread);
    expect(shown(list(0), single(90_000), list(90_001, { trusted: false }))).toEqual(unread);
    expect(shown(list(0))).toEqual([]);
    expect(shown(single(0), single(90_000))).toEqual([]);
  });

  it('of isolation is not told beside that of health: nobody knows whether the application is up', () => {
    const looks = rows(longer, (at) => [...healthRound(at === 0 ? 'up' : 'blind', at), isolationLook('blind', at)]);
    expect(found(looks, longer)).toEqual([{ probe: 'health', since: 1 }]);
  });

  it('of isolation is no matter while the application is down, and counts from when it is up', () => {
    const down = rows(longer, (at) => [...healthRound('down', at), isolationLook('blind', at)]);
    expect(found(down, longer)).toEqual([]);
    const again = Array.from({ length: 97 }, (_, index) => longer + index * 10_000);
    const later = [...down, ...again.flatMap((at) => [...healthRound('up', at), isolationLook('blind', at)])];
    expect(found(later, longer + 15 * minute)).toEqual([]);
    expect(found(later, longer + 15 * minute + 1)).toEqual([{ probe: 'isolation', since: longer }]);
  });

  it('is a database that rollbackd alone cannot reach, while the application says that it is connected', () => {
    const values = (database: 'connected' | 'disconnected') => ({
      application: { ...up, database },
      balancer: up,
      vantage: {},
    });
    const round = (database: 'connected' | 'disconnected') => (at: number) => [
      healthLook(values(database), at),
      mongoLook(at, { unified: 'unreachable' }),
    ];
    const alone = blindness([...eyes(0, longer), ...rows(longer, round('connected'))], longer);
    expect(alone).toMatchObject([{ probe: 'mongo', since: 0 }]);
    expect(alone[0]?.reason).toMatch(
      /^the unified database cannot be reached by rollbackd, while the application says/,
    );
    expect(blindness([...eyes(0, longer), ...rows(longer, round('disconnected'))], longer)).toEqual([]);
    const again = [...eyes(0, longer), ...rows(longer, round('connected')), mongoLook(longer)];
    expect(blindness(again, longer)).toEqual([]);
  });
});
