import { describe, expect, it } from 'vitest';
import { type ClockStep, clockSlack, inOrder, moved, presentOf } from '../../../src/rules/samples/clock.ts';
import {
  controlLook,
  healthLook,
  hour,
  isolationLook,
  journeyLook,
  limits,
  logLook,
  minute,
  mongoLook,
  ownLook,
  prometheusLook,
  samplesOf,
  slotOf,
  unseen,
} from '../looks.ts';

const at = 10 * minute;
const everything = samplesOf(
  [
    healthLook('up', at),
    controlLook(at),
    isolationLook('clean', at),
    mongoLook(at),
    { probe: 'tenants', at, tookMs: 1, status: 'observed', values: { tenants: [] } },
    journeyLook(at, 'passed'),
    prometheusLook(at),
    logLook(at, [slotOf(at, { requests: 1 })]),
    ownLook(at, [slotOf(at, { requests: 1 })]),
    unseen('requests', at),
  ],
  at,
);

describe('samples, where somebody set the wall clock', () => {
  it.each([hour, -90_000])('all move along, by %i ms', (by) => {
    const later = moved(everything, { before: at, by });
    const { health, control, isolation, mongo, tenants, journeys, prometheus } = later;
    for (const [look] of [health, control, [...isolation.values()].flat(), mongo, tenants, journeys, prometheus])
      expect(look?.at).toBe(at + by);
    expect(later.requestsLook?.at).toBe(at + by);
    expect(later.requests[0]?.at).toBe(at + by);
    expect(later.synthetic[0]?.at).toBe(at + by);
    expect(later.served).toEqual([{ from: at + 5 + by, to: at + 5 + by }]);
    expect(later.blind.get('requests')).toMatchObject({ since: at + by, reason: 'blind' });
    expect(later.steps).toEqual([{ before: at, by }]);
  });

  it('keep their slots on the grid, by the nearest one', () => {
    const slotAt = (by: number) => (moved(everything, { before: at, by }).requests[0]?.at ?? 0) - at;
    expect([2_499, 2_500, 62_400, -62_400].map(slotAt)).toEqual([0, limits.slotMs, 60_000, -60_000]);
  });

  it('remember the last twenty steps', () => {
    let samples = everything;
    for (let by = 1; by <= 21; by += 1) samples = moved(samples, { before: at, by });
    expect(samples.steps).toHaveLength(20);
    expect(samples.steps[0]?.by).toBe(2);
  });
});

describe('a moment that was written down', () => {
  const forward: ClockStep = { before: 1_000, by: hour };
  const back: ClockStep = { before: 50_000, by: -20_000 };

  it('moves with every step forward that came after it', () => {
    expect(presentOf(500, [forward], 2 * hour)).toBe(500 + hour);
    expect(presentOf(1_000, [forward], 2 * hour)).toBe(1_000 + hour);
    expect(presentOf(1_001, [forward], 2 * hour)).toBe(1_001);
    expect(presentOf(500, [forward, { before: 500 + hour, by: 7 }], 2 * hour)).toBe(507 + hour);
    expect(presentOf(500, [], 1_000)).toBe(500);
  });

  it('that seems to lie ahead was before the clock was set back, and counts as the moment of that step', () => {
    expect(presentOf(1_000 + clockSlack, [back], 1_000)).toBe(1_000 + clockSlack);
    expect(presentOf(60_001 + clockSlack, [back], 60_000)).toBe(30_000);
    expect(presentOf(20_001 + clockSlack, [back], 20_000)).toBe(20_000);
    expect(presentOf(60_001 + clockSlack, [back, { before: 40_000, by: -5_000 }], 60_000)).toBe(35_000);
  });

  it('counts as that of the last step back, whatever was set forward since', () => {
    expect(presentOf(60_001 + clockSlack, [back, { before: 40_000, by: 1 }], 60_000)).toBe(30_000);
  });

  it('that seems to lie ahead without any step is no bound at all', () => {
    expect(presentOf(1_001 + clockSlack, [], 1_000)).toBe(0);
    expect(clockSlack).toBe(30_000);
  });
});

describe('looks', () => {
  const times = (newest: number | undefined, added: number[], now: number) =>
    inOrder(
      newest === undefined ? undefined : { at: newest },
      added.map((each) => ({ at: each })),
      now,
    ).map((look) => look.at);

  it('stay in the order in which they came, whatever their times say', () => {
    expect(times(10, [20, 15, 30], 100)).toEqual([20, 20, 30]);
    expect(times(40, [20], 100)).toEqual([40]);
    expect(times(undefined, [20], 100)).toEqual([20]);
  });

  it('are never later than now', () => {
    expect(times(undefined, [20, 200], 100)).toEqual([20, 100]);
  });
});
