import { describe, expect, it } from 'vitest';
import type { HealthValues, MongoValues, Observation } from '../../../src/model/observation.ts';
import { judgeLooks } from '../judging.ts';
import {
  every,
  eyes,
  healthLook,
  intervals,
  logLook,
  minute,
  mongoLook,
  ownLook,
  rules,
  slots,
  times,
  unseen,
  up,
} from '../looks.ts';

const { healthEvery, mongoEvery } = intervals;
const says = (database: 'connected' | 'disconnected'): HealthValues => ({
  application: { ...up, database },
  balancer: up,
  vantage: {},
});
const told = (seen: readonly ('connected' | 'disconnected' | 'nothing')[]): Observation[] =>
  seen.map((one, index) => healthLook(one === 'nothing' ? 'up' : says(one), index * healthEvery));
const gone: Partial<MongoValues> = { unified: 'unreachable' };
const asked = (seen: readonly Partial<MongoValues>[]): Observation[] =>
  seen.map((one, index) => mongoLook(index * mongoEvery, one));

const judge = (looks: readonly Observation[], now: number, over: Parameters<typeof judgeLooks>[3] = {}) =>
  judgeLooks('database-connection', [...eyes(0, now), ...looks], now, over);

describe('connections to the databases', () => {
  it('fail by the application’s own word when it had none for more than two of five minutes', () => {
    const said = (count: number) => judge(told(times(count, 'disconnected')), count * healthEvery);
    expect(said(13)).toMatchObject({ verdict: 'pending', value: 2 * minute });
    const verdict = said(14);
    expect(verdict).toMatchObject({
      verdict: 'breach',
      tier: 'severe',
      value: 130_000,
      threshold: 2 * minute,
      unit: 'ms',
    });
    expect(verdict).toMatchObject({ samples: 14, windowMs: 5 * minute, since: 0, tenants: [] });
    expect(verdict.reason).toBe(
      'the application says that it has no database for 2m10s (threshold 2m of 5m) in 14 looks since 1970-01-01T00:00:00Z',
    );
  });

  it('fail by rollbackd’s own where the application says nothing', () => {
    const own = (count: number) => judge(asked(times(count, gone)), count * mongoEvery);
    expect(own(9)).toMatchObject({ verdict: 'pending', value: 2 * minute });
    expect(own(10)).toMatchObject({ verdict: 'breach', value: 135_000 });
    expect(own(10).reason).toMatch(/^the unified database cannot be reached for 2m15s/);
  });

  it('are those of the version that is expected to run', () => {
    const legacy = asked(times(10, { legacy: 'unreachable' }));
    expect(judge(legacy, 150_000).verdict).toBe('clear');
    const verdict = judge(legacy, 150_000, { version: 'legacy' });
    expect(verdict.verdict).toBe('breach');
    expect(verdict.reason).toMatch(/^the legacy databases cannot be reached/);
    expect(judge(asked([{}]), 1, { version: 'legacy' }).reason).toBe('connections to the legacy databases work');
  });

  it('are rollbackd’s own trouble where the application says that it is connected', () => {
    const looks = [...told(times(20, 'connected')), ...asked(times(13, gone))];
    const verdict = judge(looks, 195_000);
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
    expect(verdict.reason).toMatch(/ for rollbackd, while the application says that it is connected$/);
    expect(judge([...told(times(20, 'disconnected')), ...asked(times(13, gone))], 195_000).verdict).toBe('breach');
  });

  it('are judged by whoever finds more trouble', () => {
    const looks = [...told(times(14, 'disconnected')), ...asked(times(10, gone))];
    expect(judge(looks, 140_000)).toMatchObject({ verdict: 'breach', value: 135_000 });
    expect(judge([...told(times(15, 'disconnected')), ...asked(times(9, gone))], 150_000)).toMatchObject({
      value: 140_000,
    });
  });

  it('prove nothing by a password that is refused, nor while rollbackd sees nothing', () => {
    expect(judge(asked(times(10, { unified: 'login-refused' })), 150_000)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'nothing has told about connections so far',
    });
    expect(judgeLooks('database-connection', asked(times(10, gone)), 150_000).verdict).toBe('inconclusive');
    expect(
      judge(
        every(mongoEvery, 0, 150_000, (at) => unseen('mongo', at)),
        150_000,
      ).verdict,
    ).toBe('inconclusive');
  });

  it('are a contradiction, and told, while more than 95 % of real requests go well', () => {
    const beside = (errors: number, count = 14) => {
      const now = count * healthEvery;
      const log = logLook(now, slots(0, now, { requests: 100, errors }));
      return judge([...told(times(count, 'disconnected')), log], now);
    };
    expect(beside(5).verdict).toBe('breach');
    expect(beside(4)).toMatchObject({ verdict: 'inconclusive', told: true, value: 130_000 });
    expect(beside(4).reason).toMatch(
      /^the application says that it has no database for 2m10s .*; but users are served: .* requests went well: look at what the health route says$/,
    );
    expect(beside(4, 13)).toMatchObject({ verdict: 'inconclusive', told: false });
    const own = ownLook(140_000, slots(0, 140_000, { requests: 100 }));
    expect(judge([...told(times(14, 'disconnected')), own], 140_000).verdict).toBe('breach');
  });

  it('work again when they did so for a minute', () => {
    const later = (count: number) =>
      judge(
        told([...times(14, 'disconnected' as const), ...times(count, 'connected' as const)]),
        (14 + count) * healthEvery,
      );
    expect(later(6).verdict).toBe('pending');
    expect(later(6).reason).toMatch(/^works again; until then the application says/);
    expect(later(7)).toMatchObject({
      verdict: 'clear',
      reason: 'connections to the unified database work',
      value: 0,
      samples: 0,
    });
  });

  it('that work again are no contradiction to users who are served', () => {
    const now = 160_000;
    const looks = told([...times(14, 'disconnected' as const), ...times(2, 'connected' as const)]);
    const verdict = judge([...looks, logLook(now, slots(0, now, { requests: 100 }))], now);
    expect(verdict.verdict).toBe('pending');
    expect(verdict.reason).toMatch(/^works again; until then the application says/);
  });

  it('that nobody has told of for three looks have neither failed nor worked', () => {
    const bad = (late: number) => judge(told(times(14, 'disconnected')), 130_000 + late);
    expect(bad(3 * healthEvery).verdict).toBe('breach');
    const late = bad(3 * healthEvery + 1);
    expect(late).toMatchObject({ verdict: 'inconclusive', value: 0 });
    expect(late.reason).toBe(
      'the application has told nothing since 1970-01-01T00:02:10Z; the application says that it has no database',
    );
    expect(judge(asked([{}]), 3 * mongoEvery).verdict).toBe('clear');
    expect(judge(asked([{}]), 3 * mongoEvery + 1)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'nothing has told about connections so far',
    });
    const once = judge([mongoLook(5_000)], 5_001 + 3 * mongoEvery);
    expect(once.reason).toBe('nothing has told about connections since 1970-01-01T00:00:05Z');
  });

  it('count from the given moment on', () => {
    expect(judge(told(times(14, 'disconnected')), 140_000, { judgedFrom: 10_000 }).verdict).toBe('pending');
    expect(judge(asked(times(10, gone)), 150_000, { judgedFrom: 15_000 }).verdict).toBe('pending');
    expect(judge(told(times(14, 'nothing')), 140_000).verdict).toBe('inconclusive');
  });

  it('have settings of their own', () => {
    expect(rules['database-connection']).toEqual({
      for: 2 * minute,
      within: 5 * minute,
      clearFor: minute,
      samples: 5,
      served: 0.95,
    });
    expect(rules.unavailable).toMatchObject({ for: 15 * minute, within: 20 * minute, clearFor: minute, samples: 5 });
    expect(rules.unavailable).toMatchObject({ warnAfter: 2 * minute, errorsAfter: 4 * minute, served: 0.1 });
  });
});
