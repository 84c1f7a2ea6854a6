import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealthValues } from '../../../src/model/observation.ts';
import { judgeLooks, verdictOf } from '../judging.ts';
import {
  type HealthSeen,
  logLook,
  minute,
  ownLook,
  rounds,
  rules,
  type samplesOf,
  slots,
  times,
  watched,
} from '../looks.ts';

const judge = (seen: readonly HealthSeen[], from = 0) => {
  const { samples, now } = watched(seen);
  return verdictOf('unavailable', samples, now, { judgedFrom: from });
};

describe('an outage', () => {
  it('is acted on when it was down for more than 15 of the last 20 minutes, and says so with the numbers', () => {
    const last = judge(times(91, 'down'));
    expect(last).toMatchObject({ verdict: 'pending', value: 15 * minute });
    expect(last.reason).toMatch(/; not yet above the threshold: if it stays down it fires at 1970-01-01T00:15:10Z$/);
    const verdict = judge(times(92, 'down'));
    expect(verdict).toMatchObject({ verdict: 'breach', tier: 'critical', value: 910_000, threshold: 15 * minute });
    expect(verdict).toMatchObject({ unit: 'ms', samples: 92, windowMs: 20 * minute, since: 0, tenants: [] });
    expect(verdict.reason).toBe(
      'application down for 15m10s (threshold 15m of 20m) in 92 samples since 1970-01-01T00:00:00Z; asked on its own port: timeout, processes online 0/1, port not listening, down through the balancer, where it has not been seen up before',
    );
  });

  it('is told after two minutes, with when it fires', () => {
    expect(judge(times(12, 'down'))).toMatchObject({ verdict: 'pending', told: false });
    const told = judge(times(13, 'down'));
    expect(told).toMatchObject({ verdict: 'pending', told: true, value: 2 * minute });
    expect(told.reason).toMatch(/; not yet above the threshold: if it stays down it fires at 1970-01-01T00:15:10Z$/);
    expect(judge(['down']).reason).toMatch(/^application down for 0ms .* in 1 sample since/);
  });

  it('that is short again and again adds up, and comes to nothing where it is mostly up', () => {
    const inTurn = (bad: number, good: number) =>
      Array.from({ length: 30 }, () => [...times(bad, 'down' as const), ...times(good, 'up' as const)]).flat();
    expect(judge([...inTurn(84, 8).slice(0, 84 + 8 + 84)])).toMatchObject({ verdict: 'breach' });
    expect(judge([...inTurn(30, 30), 'down']).verdict).toBe('pending');
    expect(judge([...inTurn(30, 30), 'down']).reason).toMatch(/down for 0ms, 10m of it in the last 20m/);
  });

  it('is over when it was up for a minute', () => {
    const later = (count: number) => judge([...times(92, 'down' as const), ...times(count, 'up' as const)]);
    expect(later(6)).toMatchObject({ verdict: 'pending' });
    expect(later(6).reason).toMatch(/^answers again for 50s \(resolved after 1m\); was down for 15m20s/);
    expect(later(6).told).toBeUndefined();
    expect(later(7)).toMatchObject({ verdict: 'clear', value: 0, samples: 0 });
    expect(later(7).reason).toBe('application answered at 1970-01-01T00:16:20Z');
  });

  it('that nobody sees any more has neither gone on nor ended', () => {
    const verdict = judge([...times(92, 'down' as const), ...times(8, 'blind' as const)]);
    expect(verdict).toMatchObject({ verdict: 'inconclusive', value: 910_000 });
    expect(verdict.reason).toMatch(/^not seen for 1m29s: the health probe was blind; until then down for 15m10s/);
    expect(judge(times(8, 'blind')).reason).toBe('nothing proven yet: the health probe was blind');
    expect(judge(['up', ...times(8, 'blind' as const)]).reason).toBe('not seen for 1m29s: the health probe was blind');
  });

  it('counts only from the given moment on', () => {
    expect(judge(times(92, 'down'), 10_000)).toMatchObject({ verdict: 'pending', value: 15 * minute });
  });

  it('takes the balancer for a witness only after it has been up, and then for as long as the outage lasts', () => {
    expect(judge(times(200, 'hanging')).verdict).toBe('inconclusive');
    expect(judge(['up', ...times(200, 'hanging' as const)]).verdict).toBe('breach');
    expect(judge(['up', ...times(3_600, 'hanging' as const)])).toMatchObject({
      verdict: 'breach',
      value: 20 * minute,
    });
  });

  it('takes it for none any more when it was down three times in a row while the application was up', () => {
    const barred = (count: number) =>
      judge(['up', ...times(count, 'barred' as const), ...times(100, 'hanging' as const)]);
    expect(barred(2).verdict).toBe('breach');
    expect(barred(3).verdict).toBe('inconclusive');
    const again: HealthSeen[] = ['up', 'barred', 'barred', 'up', 'barred', ...times(100, 'hanging' as const)];
    expect(judge(again).verdict).toBe('breach');
  });

  it('fires only by enough looks', () => {
    const unavailable = { ...rules.unavailable, for: 20_000, within: minute };
    const judged = (count: number) => {
      const { samples, now } = watched(times(count, 'down'));
      return verdictOf('unavailable', samples, now, { rules: { ...rules, unavailable } });
    };
    expect(judged(4)).toMatchObject({ verdict: 'pending', value: 30_000 });
    expect(judged(4).reason).toMatch(/; only 4 of 5 samples$/);
    expect(judged(5).verdict).toBe('breach');
  });
});

describe('users who are served', () => {
  const failing = (until: number) => rounds(times(until / 10_000, 'down' as const));
  const log = (until: number, errors: number) => logLook(until, slots(0, until, { requests: 10, errors }));

  it('are the strongest vantage: while they are, nothing is down, and the contradiction is told after two minutes', () => {
    const judged = (until: number) => judgeLooks('unavailable', [...failing(until), log(until, 8)], until);
    expect(judged(30 * minute)).toMatchObject({
      verdict: 'inconclusive',
      told: true,
      value: 0,
      since: 0,
      samples: 180,
    });
    expect(judged(30 * minute).reason).toMatch(
      /^our question about its health has failed for 29m50s since .* but users are served: 2 of 10 requests went well\): it is not down\. Look at the health route and at each worker$/,
    );
    expect(judged(2 * minute).told).toBe(false);
    expect(judged(130_000).told).toBe(true);
  });

  it('are not there when nine of ten of their requests fail', () => {
    const until = 16 * minute;
    expect(judgeLooks('unavailable', [...failing(until), log(until, 9)], until).verdict).toBe('breach');
  });
});

describe('the way to an application that is up on its own port', () => {
  it('is told when nobody gets through the balancer for two minutes, and is no reason for a rollback', () => {
    expect(judge(['up', ...times(12, 'barred' as const)])).toMatchObject({ verdict: 'clear', value: 110_000 });
    const verdict = judge(['up', ...times(13, 'barred' as const)]);
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'balancer', told: true, since: 10_000 });
    expect(verdict.reason).toMatch(
      /on its own port, but not through the balancer \(timeout\) for 2m in 13 looks since .*: no rollback mends the balancer or the network$/,
    );
  });

  it('stays told through a short success, and is over when users got through for a minute', () => {
    const barred = ['up', ...times(92, 'barred' as const)] satisfies HealthSeen[];
    const later = (count: number) => judge([...barred, ...times(count, 'up' as const)]);
    expect(later(6)).toMatchObject({ verdict: 'pending' });
    expect(later(6).reason).toMatch(/^gets through the balancer again; until then application answered/);
    expect(later(7)).toMatchObject({ verdict: 'clear', value: 0 });
  });

  it('proves nothing where the same question has never got through, nor where rollbackd could not see', () => {
    expect(judge(times(200, 'barred'))).toMatchObject({ verdict: 'clear', value: 0 });
    const offline = watched(['up', ...times(20, 'barred' as const)]);
    const control = offline.samples.control.map((look) => ({ ...look, well: look.at < 10_000 }));
    expect(verdictOf('unavailable', { ...offline.samples, control }, offline.now)).toMatchObject({ value: 0 });
  });

  it('proves nothing while other requests get through, real ones or rollbackd’s own', () => {
    const until = 20 * minute;
    const seen = rounds(['up', ...times(119, 'barred' as const)]);
    const judged = (...more: Parameters<typeof samplesOf>[0]) => judgeLooks('unavailable', [...seen, ...more], until);
    expect(judged(logLook(until, slots(0, until, { requests: 10, errors: 9 })))).toMatchObject({
      verdict: 'clear',
      value: 0,
    });
    expect(judged(ownLook(until, slots(0, until, { requests: 1 })))).toMatchObject({ verdict: 'clear', value: 0 });
    expect(judged(logLook(until, slots(0, until, { requests: 10, errors: 10 }))).verdict).toBe('exempt');
  });

  it('is no trouble as far from a request that got through as two looks are', () => {
    const until = 4 * minute;
    const seen = rounds(['up', ...times(23, 'barred' as const)]);
    const through = (at: number) => {
      const [slot] = slots(at, at + 5_000, { requests: 1 });
      return judgeLooks('unavailable', [...seen, logLook(until, slot ? [slot] : [])], until).samples;
    };
    expect(judgeLooks('unavailable', seen, until).samples).toBe(23);
    expect(through(120_000)).toBe(20);
    expect(through(125_000)).toBe(21);
  });

  it('is not proven by rollbackd’s own requests where the balancer answers by itself, but by real ones', () => {
    const until = 5 * minute;
    const seen = rounds(['up', ...times(29, 'answered for' as const)]);
    const well = slots(0, until, { requests: 1 });
    const own = judgeLooks('unavailable', [...seen, ownLook(until, well)], until);
    expect(own).toMatchObject({ verdict: 'exempt', exemptBecause: 'balancer' });
    expect(own.reason).toMatch(/not through the balancer \(status 404\)/);
    expect(judgeLooks('unavailable', [...seen, logLook(until, well)], until)).toMatchObject({ verdict: 'clear' });
  });

  it('names another body as that', () => {
    const application = { outcome: 'up', why: 'ok', tookMs: 1 } as const;
    const page = { outcome: 'down', why: 'body', status: 200, tookMs: 1 } as const;
    const values: HealthValues = { application, balancer: page, vantage: {} };
    const seen = [...rounds(['up']), ...rounds(times(20, values), 10_000)];
    expect(judgeLooks('unavailable', seen, 210_000).reason).toMatch(/\(status 200 with another body\)/);
  });

  it('is one trouble with an outage of the application itself, and less than that', () => {
    expect(judge(['up', ...times(92, 'barred' as const), ...times(92, 'down' as const)])).toMatchObject({
      verdict: 'breach',
    });
  });
});

describe('whatever is seen', () => {
  const anySight = fc.constantFrom<HealthSeen>('up', 'down', 'hanging', 'disputed', 'blind', 'offline', 'barred');

  it('never breaches on blindness, whatever was blind about it', () => {
    const blind = fc.array(fc.constantFrom<HealthSeen>('blind', 'offline', 'disputed'), {
      minLength: 1,
      maxLength: 150,
    });
    fc.assert(
      fc.property(blind, (seen) => judge(seen).verdict === 'inconclusive'),
      { numRuns: 30 },
    );
  });

  it('never passes by not looking: what was in doubt stays in doubt, what was down stays unproven', () => {
    const story = fc.array(anySight, { minLength: 1, maxLength: 120 });
    const blind = fc.array(fc.constantFrom<HealthSeen>('blind', 'offline'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(story, blind, (seen, after) => {
        const before = judge(seen);
        const later = judge([...seen, ...after]);
        if (before.verdict !== 'breach') expect(later.verdict).not.toBe('breach');
        if (after.length > 6) expect(later.verdict).toBe('inconclusive');
      }),
      { numRuns: 30 },
    );
  });

  it('counts no more than the time from looks that found it down to the next that proved anything', () => {
    const isDown = (seen: HealthSeen | undefined) => seen === 'down' || seen === 'hanging';
    const unbarred = fc.constantFrom<HealthSeen>('up', 'down', 'hanging', 'disputed', 'blind', 'offline');
    fc.assert(
      fc.property(fc.array(unbarred, { maxLength: 150 }), (seen) => {
        const proves = (one: HealthSeen | undefined) => one === 'up' || isDown(one);
        const followed = seen.filter((one, index) => isDown(one) && proves(seen[index + 1])).length;
        expect(judge(seen).value).toBeLessThanOrEqual(followed * 10_000);
      }),
      { numRuns: 30 },
    );
  });
});
