import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeUnavailable } from '../../src/rules/criteria/unavailable.ts';
import { emptyWindows, type Windows } from '../../src/rules/windows/windows.ts';
import { type HealthSeen, limits, rules, watched } from './looks.ts';
import { slot, slotOf } from './request-slots.ts';

const judge = (seen: readonly HealthSeen[]) => {
  const { windows, now } = watched(seen);
  return judgeUnavailable(windows, rules.unavailable, now);
};
const times = (count: number, seen: HealthSeen): HealthSeen[] => Array.from({ length: count }, () => seen);

const anySight = fc.constantFrom<HealthSeen>('up', 'down', 'hanging', 'disputed', 'blind', 'offline');
const isDown = (seen: HealthSeen | undefined) => seen === 'down' || seen === 'hanging';
const isBlind = (seen: HealthSeen) => seen === 'blind' || seen === 'offline' || seen === 'disputed';

describe('the application is unavailable', () => {
  it('is a breach only above the threshold, and says so with the numbers', () => {
    expect(judge(times(91, 'down'))).toMatchObject({ verdict: 'pending', value: 900_000, confirmBy: 'health' });
    const breach = judge(times(92, 'down'));
    expect(breach).toMatchObject({ verdict: 'breach', value: 910_000, threshold: 900_000, samples: 92, since: 0 });
    expect(breach.reason).toBe(
      'application down for 15m10s (threshold 15m) in 92 samples since 1970-01-01T00:00:00Z; ' +
        'processes online 0/1, port not listening, down through the balancer, where it has not been seen up before',
    );
  });

  it('is inconclusive before anything was seen', () => {
    expect(judgeUnavailable(emptyWindows(limits), rules.unavailable, 0).verdict).toBe('inconclusive');
  });

  it('is not over before it has answered for as long as clearAfter', () => {
    expect(judge([...times(92, 'down'), ...times(6, 'up')]).verdict).toBe('pending');
    expect(judge([...times(92, 'down'), ...times(7, 'up')]).verdict).toBe('clear');
  });

  it('does not count looks from before the given moment', () => {
    const { windows, now } = watched(times(100, 'down'));
    expect(judgeUnavailable(windows, rules.unavailable, now, 500_000)).toMatchObject({
      verdict: 'pending',
      since: 500_000,
    });
  });

  it('needs as many samples as configured, however far apart', () => {
    const { windows, now } = watched(['down', 'down', 'down'], 29_000);
    const hasty = { ...rules.unavailable, after: 1_000 };
    expect(judgeUnavailable(windows, hasty, now)).toMatchObject({ verdict: 'pending', value: 58_000 });
  });

  it('is no breach while most looks find an answer, however long that goes on', () => {
    const flapping = Array.from({ length: 60 }, () => [...times(3, 'down'), ...times(4, 'up')]).flat();
    const verdict = judge([...flapping, 'down']);
    expect(verdict).toMatchObject({ verdict: 'pending', value: 1_200_000 });
    expect(verdict.reason).toMatch(/it answered 240 looks in between: flapping, not down/);
    const dying = Array.from({ length: 60 }, () => [...times(4, 'down'), ...times(3, 'up')]).flat();
    expect(judge([...dying, 'down']).verdict).toBe('breach');
  });

  it('takes the balancer for a witness only after it has been up, and then for as long as the outage lasts', () => {
    expect(judge(times(200, 'hanging')).verdict).toBe('inconclusive');
    expect(judge(['up', ...times(200, 'hanging')]).verdict).toBe('breach');
    const tenHours = ['up', ...times(3_600, 'hanging')] satisfies HealthSeen[];
    expect(judge(tenHours)).toMatchObject({ verdict: 'breach', value: 6 * 3_600_000 - 10_000 });
  });

  it('never breaches on blindness, whatever was blind about it', () => {
    const blind = fc.array(fc.constantFrom<HealthSeen>('blind', 'offline', 'disputed'), { maxLength: 300 });
    fc.assert(fc.property(blind, (seen) => judge(seen).verdict === 'inconclusive'));
  });

  it('never grows longer by not looking', () => {
    const masked = fc.array(fc.tuple(anySight, fc.boolean()), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(masked, (looks) => {
        const whole = watched(looks.map(([seen]) => seen));
        const less = watched(looks.map(([seen, hidden]) => (hidden && seen === 'down' ? 'blind' : seen)));
        const rule = { ...rules.unavailable, clearAfter: 1e9 };
        const value = judgeUnavailable(less.windows, rule, less.now).value;
        expect(value).toBeLessThanOrEqual(judgeUnavailable(whole.windows, rule, whole.now).value);
      }),
    );
  });

  it('never passes by not looking: what was in doubt stays in doubt, what was down stays unproven', () => {
    const story = fc.array(anySight, { minLength: 1, maxLength: 150 });
    const blind = fc.array(fc.constantFrom<HealthSeen>('blind', 'offline'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(story, blind, (seen, after) => {
        const before = judge(seen);
        const later = judge([...seen, ...after]);
        if (before.verdict !== 'clear') expect(later.verdict).not.toBe('clear');
        if (before.verdict !== 'breach') expect(later.verdict).not.toBe('breach');
        if (after.length > 6) expect(later.verdict).toBe('inconclusive');
      }),
    );
  });

  it('counts no more than the time between looks that found it down', () => {
    fc.assert(
      fc.property(fc.array(anySight, { maxLength: 150 }), (seen) => {
        const adjacent = seen.filter((one, index) => isDown(one) && isDown(seen[index - 1])).length;
        expect(judge(seen).value).toBeLessThanOrEqual(adjacent * 10_000);
        if (judge(seen).verdict === 'breach') expect(isDown(seen.findLast((one) => !isBlind(one)))).toBe(true);
      }),
    );
  });
});

describe('the way to an application that is up on its own port', () => {
  it('is told when nobody has got through the balancer for as long as an outage may last, and is no reason for a rollback', () => {
    expect(judge(['up', ...times(91, 'barred')])).toMatchObject({ verdict: 'clear', value: 900_000 });
    const verdict = judge(['up', ...times(92, 'barred')]);
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'balancer', value: 910_000, since: 10_000 });
    expect(verdict.reason).toMatch(/ on its own port, but not through the balancer \(timeout\) for 15m10s/);
  });

  it('is over when it has let users through again for as long as clearAfter', () => {
    const barred = ['up', ...times(92, 'barred')] satisfies HealthSeen[];
    expect(judge([...barred, ...times(6, 'up')]).verdict).toBe('pending');
    expect(judge([...barred, ...times(7, 'up')]).verdict).toBe('clear');
  });

  it('proves nothing where the same question has never got through, and where the observer could not see', () => {
    expect(judge(times(200, 'barred'))).toMatchObject({ verdict: 'clear', value: 0 });
    const offline = watched(['up', ...times(200, 'barred')]);
    const control = offline.windows.control.map((look) => ({ ...look, well: look.at < 10_000 }));
    expect(judgeUnavailable({ ...offline.windows, control }, rules.unavailable, offline.now)).toMatchObject({
      verdict: 'clear',
      value: 0,
    });
  });

  it('proves nothing while other requests get through, real ones or rollbackd’s own', () => {
    const { windows, now } = watched(['up', ...times(200, 'barred')]);
    const slots = (errors: number) =>
      Array.from({ length: 40 }, (_, minute) => slotOf(minute * slot, { requests: 10, errors }));
    const judged = (more: Partial<Windows>) => judgeUnavailable({ ...windows, ...more }, rules.unavailable, now);
    expect(judged({ requests: slots(9) })).toMatchObject({ verdict: 'clear', value: 0 });
    expect(judged({ synthetic: slots(0) })).toMatchObject({ verdict: 'clear', value: 0 });
    expect(judged({ requests: slots(10) }).verdict).toBe('exempt');
  });

  it('is not proven by rollbackd’s own requests where the balancer answers by itself, but by real ones', () => {
    const { windows, now } = watched(['up', ...times(92, 'answered for')]);
    const well = Array.from({ length: 40 }, (_, minute) => slotOf(minute * slot, { requests: 10 }));
    const judged = (more: Partial<Windows>) => judgeUnavailable({ ...windows, ...more }, rules.unavailable, now);
    expect(judged({ synthetic: well })).toMatchObject({ verdict: 'exempt', exemptBecause: 'balancer' });
    expect(judged({ synthetic: well }).reason).toMatch(/not through the balancer \(status 404\) for 15m10s/);
    expect(judged({ requests: well })).toMatchObject({ verdict: 'clear', value: 0 });
  });

  it('is one trouble with an outage of the application itself, and less than that', () => {
    expect(judge(['up', ...times(92, 'barred'), ...times(92, 'down')])).toMatchObject({ verdict: 'breach' });
  });
});
