import { describe, expect, it } from 'vitest';
import type { HealthValues, Observation } from '../../../src/model/observation.ts';
import { availability } from '../../../src/rules/sources/availability.ts';
import { sightsOf } from '../../../src/rules/sources/sights.ts';
import {
  answered,
  down,
  eyes,
  type HealthSeen,
  healthLook,
  hour,
  intervals,
  isolationLook,
  journeyLook,
  limits,
  logLook,
  minute,
  ownLook,
  rounds,
  rules,
  samplesOf,
  slotOf,
  times,
  up,
  watched,
} from '../looks.ts';

const { served } = rules.unavailable;
const at = 20_000;

/** What one look proves, with rollbackd's own eyesight well and what else was seen. */
function sight(values: HealthValues | HealthSeen, ...more: Observation[]) {
  const before = healthLook('up', 10_000);
  const samples = samplesOf([...eyes(0, 30_000), before, healthLook(values, at), ...more], 30_000);
  const found = sightsOf(samples, served, at, 30_000)[0];
  if (!found) throw new Error('no look');
  return found;
}

const there = { processes: { online: 4, expected: 4 }, listening: true };
const hanging = { application: down, balancer: down, vantage: there };

describe('one look at the application', () => {
  it.each([
    ['up', 'up'],
    ['barred', 'up'],
    ['down', 'down'],
    ['hanging', 'down'],
    ['disputed', 'disputed'],
    ['blind', 'blind'],
  ] as const)('that finds it %s proves it %s', (seen, proven) => {
    expect(sight(seen).sight).toBe(proven);
  });

  it('names what each vantage point said', () => {
    expect(sight({ ...hanging, vantage: { ...there, processes: { online: 3, expected: 4 } } }).vantage).toBe(
      'asked on its own port: timeout, processes online 3/4, port listening, down through the balancer',
    );
    const bare = { application: answered(404), balancer: up, vantage: { listening: false } };
    expect(sight(bare).vantage).toBe('asked on its own port: status 404, port not listening, up through the balancer');
    expect(sight({ application: down, balancer: up, vantage: {} }).vantage).toBe(
      'asked on its own port: timeout, up through the balancer',
    );
    expect(sight('up').vantage).toMatch(/^asked on its own port: up, /);
  });

  it('proves it down by one process that is missing, where the answer speaks of a fault', () => {
    const processes = (online: number) => ({ ...there, processes: { online, expected: 4 } });
    const faulty = (online: number) =>
      sight({ application: answered(500), balancer: up, vantage: processes(online) }).sight;
    expect([faulty(3), faulty(4)]).toEqual(['down', 'disputed']);
    const refusing = (online: number) =>
      sight({ application: answered(404), balancer: down, vantage: processes(online) }).sight;
    expect([refusing(0), refusing(1), refusing(3)]).toEqual(['down', 'disputed', 'disputed']);
  });

  it('proves it down by a port on which nobody listens, whatever else answers', () => {
    const nobody = (application = down) => sight({ application, balancer: up, vantage: { listening: false } }).sight;
    expect([nobody(), nobody(answered(404))]).toEqual(['down', 'down']);
    expect(sight({ application: down, balancer: up, vantage: { listening: true } }).sight).toBe('disputed');
    expect(sight({ application: down, balancer: up, vantage: {} }).sight).toBe('disputed');
  });

  it('proves it down by the balancer only by a fault there, where that question was answered before', () => {
    const through = (balancer: HealthValues['balancer'], asked?: string) =>
      sight({ ...hanging, balancer, ...(asked && { asked }) }).sight;
    expect(through(down)).toBe('down');
    expect(through(answered(500))).toBe('down');
    expect(through(answered(499))).toBe('disputed');
    expect(through(down, 'another')).toBe('disputed');
  });

  it('is contradicted where users were served meanwhile', () => {
    const log = (errors: number) => logLook(at + 5_000, [slotOf(at, { requests: 10, errors })]);
    expect(sight('down', log(0)).sight).toBe('contradicted');
    expect(sight('down', log(8)).vantage).toMatch(/; but users are served: 2 of 10 requests went well$/);
    expect(sight('down', log(9)).sight).toBe('down');
    expect(sight('up', log(10)).sight).toBe('up');
  });

  it('proves nothing while rollbackd did not see well itself', () => {
    expect(sight('offline').sight).toBe('down');
    const offline = samplesOf(rounds(['up', 'offline']), 20_000);
    expect(sightsOf(offline, served, 10_000, 20_000)).toMatchObject([
      { sight: 'blind', vantage: 'the control probe did not see well' },
    ]);
    const unsettled = samplesOf([...eyes(0, 10_000), healthLook('down', 10_001)], 10_010);
    expect(sightsOf(unsettled, served, 0, 10_010)).toMatchObject([{ sight: 'unsettled', at: 10_001, end: 10_002 }]);
  });

  it('counts only from the given moment on', () => {
    const { samples, now } = watched(['up', 'up', 'up']);
    expect(sightsOf(samples, served, 10_000, now)).toHaveLength(2);
    expect(sightsOf(samples, served, 10_001, now)).toHaveLength(1);
  });
});

describe('whether users are served', () => {
  const during = (...more: Observation[]) => sight('down', ...more).sight;
  const real = (slotAt: number, errors = 0) => logLook(30_000, [slotOf(slotAt, { requests: 10, errors })]);

  it('is told by the slots that overlap the look', () => {
    expect(during(real(at))).toBe('contradicted');
    expect(during(real(at - 5_000))).toBe('down');
    expect(during(real(at + 5_000))).toBe('down');
    const between = (seconds: number) =>
      sightsOf(
        samplesOf([...eyes(0, 40_000), healthLook('up', 10_000), healthLook('down', at + seconds), real(at)], 40_000),
        served,
        at,
        40_000,
      )[0]?.sight;
    expect([between(4_999), between(5_000)]).toEqual(['contradicted', 'down']);
  });

  it('is decided by real requests where there are some', () => {
    const own = ownLook(at + 4_000, [slotOf(at, { requests: 3, errors: 2 })]);
    expect(during(own)).toBe('contradicted');
    expect(during(own, real(at, 10))).toBe('down');
    expect(during(ownLook(at + 4_000, [slotOf(at, { requests: 3, errors: 3 })]))).toBe('down');
  });

  it('is told by documents that a trusted route handed out, else', () => {
    const list = (over = {}, when = at) => isolationLook('clean', when - 5, over);
    expect(during(list())).toBe('contradicted');
    expect(sight('down', list()).vantage).toMatch(/users are served: trusted routes hand out documents$/);
    expect(during(list({}, at - 1))).toBe('down');
    expect(during(list({}, at + 1))).toBe('contradicted');
    expect(during(list({}, at + 2))).toBe('down');
    expect(during(list({ trusted: false }))).toBe('down');
    expect(during(list({ ask: 'foreign-id' }))).toBe('down');
    expect(during(list({ checked: 0 }))).toBe('down');
    expect(during(list({ via: 'balancer' }))).toBe('down');
  });

  it('is true between two such answers with no round of questions between them', () => {
    const gap = (ms: number) => during(isolationLook('clean', 0), isolationLook('clean', ms));
    const reach = 2 * intervals.isolationEvery - 1;
    const between = (ms: number) => {
      const looks = [isolationLook('clean', 0), isolationLook('clean', ms)];
      return samplesOf(looks, ms + 5).served;
    };
    expect(gap(30_000 - 5)).toBe('contradicted');
    expect(between(reach)).toEqual([{ from: 5, to: reach + 5 }]);
    expect(between(reach + 1)).toHaveLength(2);
  });
});

describe('whether the application is there', () => {
  const seen = (...looks: HealthSeen[]) => {
    const { samples, now } = watched(looks);
    return { of: availability(samples, rules.unavailable, 0, now), samples, now };
  };

  it('is known until looks are further apart than neighbours, with one at itself after them', () => {
    const { samples } = seen('up');
    const blindAt = (now: number) => availability(samples, rules.unavailable, 0, now).blind;
    const near = 3 * intervals.healthEvery + 3 * intervals.controlEvery;
    expect([blindAt(1 + near), blindAt(2 + near)]).toEqual([false, true]);
    expect(availability(samples, rules.unavailable, 0, 2 + near).blindBecause).toBe(
      'the health probe has stopped looking',
    );
  });

  it.each([
    [['blind'], 'the health probe was blind'],
    [['disputed'], /^its health fails, and nothing else says that it is down \(asked on its own port: timeout, /],
    [[], 'the application has not been looked at'],
  ] as const)('says why nobody can tell after %j', (looks, why) => {
    expect(seen(...looks).of).toMatchObject({ blind: true, last: undefined, blindBecause: expect.stringMatching(why) });
  });

  it('says that users are served where our own question fails', () => {
    const looks = times(6, 'down' as const);
    const all = samplesOf(
      [
        ...rounds(looks),
        logLook(
          minute,
          [0, 1, 2, 3, 4, 5].map((index) => slotOf(index * 10_000, { requests: 5 })),
        ),
      ],
      minute,
    );
    const found = availability(all, rules.unavailable, 0, minute);
    expect(found).toMatchObject({ blind: true, outage: undefined, contradiction: { badMs: 50_000, looks: 6 } });
    expect(found.blindBecause).toMatch(/^its health fails, and users are served \(.*5 of 5 requests went well\)$/);
    expect(found.contradiction?.said).toMatch(/users are served: 5 of 5 requests went well$/);
    const unsettled = samplesOf([healthLook('down', minute + 1)], minute + 2, all);
    expect(availability(unsettled, rules.unavailable, 0, minute + 2)).toMatchObject({
      blindBecause: found.blindBecause,
      contradiction: { badMs: 50_000, looks: 6 },
    });
    const over = samplesOf(rounds(['up'], minute), 70_000, all);
    expect(availability(over, rules.unavailable, 0, 70_000).contradiction).toBeUndefined();
  });

  it('says so also where no request falls into the moment of a look: those of all the time that it fails count', () => {
    const looks = rounds(times(12, 'down' as const));
    const requests = (errors: number) =>
      logLook(2 * minute, [slotOf(35_000, { requests: 1 }), slotOf(65_000, { requests: 9, errors })]);
    const served = (...more: Observation[]) =>
      availability(samplesOf([...looks, ...more], 2 * minute), rules.unavailable, 0, 2 * minute);
    expect(served(requests(8))).toMatchObject({ outage: undefined, contradiction: { badMs: 110_000 } });
    expect(served(requests(8)).contradiction?.said).toMatch(/; but users are served: 2 of 10 requests went well$/);
    expect(served(requests(9))).toMatchObject({ outage: { badMs: 110_000 }, contradiction: undefined });
    const again = samplesOf([...looks, requests(8), ...rounds(['up'], 2 * minute)], 130_000);
    expect(availability(again, rules.unavailable, 0, 130_000)).toMatchObject({
      outage: undefined,
      contradiction: undefined,
    });
    const journey = journeyLook(30_000, 'passed');
    expect(served(journey).contradiction?.said).toMatch(/users are served: the journey .* passed for /);
    expect(served(journey, requests(9)).outage).toBeDefined();
    const before = logLook(2 * minute, [slotOf(-5_000, { requests: 9 })]);
    expect(served(before).outage).toBeDefined();
  });

  it('knows since when it has been up', () => {
    expect(seen('down', 'up', 'up').of.upSince).toBe(10_000);
    expect(seen('up', 'down').of.upSince).toBeUndefined();
  });

  it('hides errors while it is down as a whole: three looks in a row, for no more than `errorsAfter`', () => {
    const hides = (looks: readonly HealthSeen[]) => seen(...looks).of.hidesErrors;
    expect(hides(['up', 'down', 'down'])).toBe(false);
    expect(hides(['up', 'down', 'down', 'down'])).toBe(true);
    expect(hides(['down', 'down', 'up', 'down'])).toBe(false);
    expect(hides(times(25, 'down'))).toBe(true);
    expect(hides(times(26, 'down'))).toBe(false);
    expect(hides(['up', 'up'])).toBe(false);
    expect(hides([...times(3, 'down' as const), 'up'])).toBe(true);
    expect(hides([...times(3, 'down' as const), ...times(7, 'up' as const)])).toBe(false);
    expect(hides([...times(3, 'down' as const), ...times(21, 'blind' as const)])).toBe(true);
    expect(hides([...times(3, 'down' as const), ...times(23, 'blind' as const)])).toBe(false);
    const later = samplesOf(rounds(times(3, 'down'), hour), hour + 30_000);
    expect(availability(later, rules.unavailable, 0, hour + 30_000).hidesErrors).toBe(true);
    expect(limits.healthEvery * 24).toBe(rules.unavailable.errorsAfter);
  });
});
