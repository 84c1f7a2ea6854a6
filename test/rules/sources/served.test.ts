import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/model/observation.ts';
import { emptySamples } from '../../../src/rules/samples/samples.ts';
import { servedDuring, servedWhile } from '../../../src/rules/sources/served.ts';
import { isolationLook, journeyLook, limits, logLook, minute, ownLook, samplesOf, slotOf, times } from '../looks.ts';

const least = 0.1;

it('is told by documents from one answer to another less than two rounds later, where rounds are quick less than two seconds', () => {
  const stretches = (isolationEvery: number, ms: number) => {
    const looks = [0, ms].map((at) => isolationLook('clean', at, { checked: 1 }));
    return samplesOf(looks, minute, emptySamples({ ...limits, isolationEvery })).served.length;
  };
  expect([stretches(30_000, 59_999), stretches(30_000, 60_000)]).toEqual([1, 2]);
  expect([stretches(500, 2_000), stretches(500, 2_001)]).toEqual([1, 2]);
});

it('is decided by a single real request, whatever rollbackd’s own ones say', () => {
  const during = (...looks: Observation[]) => servedDuring(samplesOf(looks, minute), 20_000, 20_001, least);
  const own = ownLook(minute, [slotOf(20_000, { requests: 1 })]);
  const real = (errors: number) => logLook(minute, [slotOf(20_000, { requests: 1, errors })]);
  expect(during(own)).toMatch(/a request of rollbackd through the balancer went well$/);
  expect(during(own, real(0))).toBe('users are served: 1 of 1 requests went well');
  expect(during(own, real(1))).toBeUndefined();
});

describe('while looks failed', () => {
  const spans = [
    { from: 20_001, to: 24_999 },
    { from: 40_000, to: 50_000 },
  ];
  const during = (...looks: Observation[]) => servedWhile(samplesOf(looks, 2 * minute), spans, least);
  const requests = (...at: number[]) =>
    logLook(
      2 * minute,
      at.map((each) => slotOf(each, { requests: 2, errors: 1 })),
    );

  it('real requests of slots that began meanwhile count, of all that time together', () => {
    expect(during(requests(40_000))).toBe('users are served: 1 of 2 requests went well');
    expect(during(requests(40_000, 45_000, 50_000))).toBe('users are served: 3 of 6 requests went well');
    expect(during(requests(15_000, 20_000, 25_000, 35_000, 55_000))).toBeUndefined();
  });

  it('a journey that passed meanwhile says so, too, where there was no real request', () => {
    const passed = (at: number) => during(journeyLook(at, 'passed'));
    const said = 'users are served: the journey order passed for kopi';
    expect([20_001, 24_999, 40_000, 50_000].map(passed)).toEqual([said, said, said, said]);
    expect([20_000, 25_000, 39_999, 50_001].map(passed)).toEqual(times(4, undefined));
    expect(during(journeyLook(45_000, 'failed'))).toBeUndefined();
    expect(during(journeyLook(45_000, 'passed', { tenant: 'negoes' }), journeyLook(46_000, 'failed'))).toMatch(
      /negoes$/,
    );
    const failed = logLook(2 * minute, [slotOf(40_000, { requests: 1, errors: 1 })]);
    expect(during(failed, journeyLook(45_000, 'passed'))).toBeUndefined();
  });
});
