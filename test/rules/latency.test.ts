import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLatency } from '../../src/rules/criteria/latency.ts';
import type { LatencyBaseline } from '../../src/rules/latency-baseline.ts';
import { rules } from './looks.ts';
import { type Minute, minutes, slot, times, type Watched } from './request-slots.ts';

type Name = 'latency-severe' | 'latency-moderate';

const baselineOf = (routes: Readonly<Record<string, number>>): LatencyBaseline =>
  new Map(Object.entries(routes).map(([route, p95]) => [route, { p95, source: 'captured' }]));
const usual = baselineOf({ 'GET /menu': 100, 'GET /orders': 200, 'GET /report': 300 });

function judge(watched: Watched, { name = 'latency-severe' as Name, baseline = usual, late = 0 } = {}) {
  const { windows, now } = minutes(watched);
  return judgeLatency(name, windows, rules, now + late, { baseline });
}
/** Six of ten requests are for the menu, three for orders, one for the report. */
const minute = (menu: number, orders = 150, report = 200): Minute => ({
  routes: { 'GET /menu': [60, menu], 'GET /orders': [30, orders], 'GET /report': [10, report] },
});
const menus = (...p95: number[]): Watched => ({ real: p95.map((ms) => minute(ms)) });

describe('how much slower than the legacy system it is', () => {
  it('is a breach above the threshold in as many slots in a row as configured, and says which route', () => {
    expect(judge(menus(80, 700, 700))).toMatchObject({ verdict: 'pending', since: slot });
    const breach = judge(menus(80, 700, 700, 700));
    expect(breach).toMatchObject({ verdict: 'breach', tier: 'severe', threshold: 5, unit: 'times', samples: 300 });
    expect(breach.value).toBeGreaterThanOrEqual(7);
    expect(breach.value).toBeLessThanOrEqual(7.7);
    expect(breach.reason).toMatch(/^p95 of GET \/menu is \d+ms \(baseline 100ms: 7\.\d times, threshold 5\) since/);
  });

  it('is moderate from twice as slow on', () => {
    const slower = menus(300, 300, 300);
    expect(judge(slower).verdict).toBe('clear');
    expect(judge(slower, { name: 'latency-moderate' })).toMatchObject({ verdict: 'breach', tier: 'moderate' });
  });

  it('is over only when it has been below `clear` for as many slots', () => {
    const slow = [700, 700, 700];
    expect(judge(menus(...slow, 80, 80)).verdict).toBe('breach');
    expect(judge(menus(...slow, 80, 80, 80)).verdict).toBe('clear');
  });

  it('is no breach by the first fast requests after hours without any, and a new one by a new row', () => {
    const real = [...times(10, minute(700)), ...times(180, undefined)];
    const own = times(190, { requests: 12, routes: { 'GET /menu': [12, 80] } } as const);
    const then = (...p95: number[]) => judge({ real: [...real, ...p95.map((ms) => minute(ms))], own });
    expect(then().verdict).toBe('inconclusive');
    expect(then(80).verdict).toBe('pending');
    expect(then(80).reason).toMatch(/over only when 3 slots in a row have recovered$/);
    expect(then(80, 80, 80).verdict).toBe('clear');
    expect(then(700, 700).verdict).toBe('pending');
    expect(then(700, 700, 700)).toMatchObject({ verdict: 'breach', since: 190 * slot });
  });

  it('that real requests proved is ended by few of them, with rollbackd’s own', () => {
    const few: Minute = { requests: 4, routes: { 'GET /menu': [4, 80] } };
    const own = times(40, { requests: 12, routes: { 'GET /menu': [12, 80] } } as const);
    expect(judge({ real: [...times(10, minute(700)), ...times(30, few)], own }).verdict).toBe('clear');
  });

  it('is fast enough below the floor, however slow against the baseline', () => {
    const fast = baselineOf({ 'GET /menu': 10 });
    const verdict = judge(menus(400, 400, 400), { baseline: fast });
    expect(verdict).toMatchObject({ verdict: 'clear', value: 0 });
    expect(verdict.reason).toMatch(/fast enough\)$/);
    expect(judge(menus(560, 560, 560), { baseline: fast }).verdict).toBe('breach');
  });

  it('takes a baseline of nothing for one millisecond', () => {
    const verdict = judge(menus(600, 600, 600), { baseline: baselineOf({ 'GET /menu': 0 }) });
    expect(verdict.verdict).toBe('breach');
    expect(verdict.value).toBeLessThanOrEqual(660);
  });

  it('is exempt where the slow routes have too few of the requests, and says what to look at', () => {
    const verdict = judge({ real: times(3, minute(80, 150, 9_000)) });
    expect(verdict).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route' });
    expect(verdict.reason).toMatch(/p95 of GET \/report .* less than 25% of the requests: look at their queries/);
    expect(judge({ real: times(2, minute(80, 150, 9_000)) }).verdict).toBe('clear');
  });

  it('adds the slow routes up: two with half of the requests are no exemption, and the value is the least slow of those', () => {
    const wide = { routes: { 'GET /menu': [60, 80], 'GET /orders': [20, 1_400], 'GET /report': [20, 9_000] } } as const;
    const verdict = judge({ real: times(3, wide) });
    expect(verdict.verdict).toBe('breach');
    expect(verdict.value).toBeLessThanOrEqual(7.7);
  });

  it('leaves out routes that nobody has a baseline for, and those with too few answers', () => {
    const routes = { 'GET /new': [90, 9_000], 'GET /menu': [50, 80], 'GET /orders': [1, 9_000] } as const;
    expect(judge({ real: times(3, { requests: 141, routes }) })).toMatchObject({ verdict: 'clear', samples: 150 });
  });

  it('takes the share of all requests: one slow route, the only one with a baseline, is no slow application', () => {
    const few = baselineOf({ 'GET /menu': 100 });
    const routes = (menu: number) => ({ 'GET /menu': [20, menu], 'GET /new': [480, 50] }) as const;
    const slow = judge({ real: times(3, { requests: 500, routes: routes(9_000) }) }, { baseline: few });
    expect(slow).toMatchObject({ verdict: 'exempt', exemptBecause: 'one-route', value: 0 });
    const fast = judge({ real: times(3, { requests: 500, routes: routes(80) }) }, { baseline: few });
    expect(fast.verdict).toBe('inconclusive');
    expect(fast.reason).toMatch(/^routes with a baseline have less than 25% of the requests/);
  });

  it('is a breach where few real requests are slow for long, whatever rollbackd’s own say', () => {
    const slow = { requests: 40, routes: { 'GET /menu': [24, 900], 'GET /orders': [16, 150] } } as const;
    const own = { requests: 12, routes: { 'GET /menu': [6, 80], 'GET /orders': [6, 150] } } as const;
    expect(judge({ real: times(4, slow), own: times(4, own) }).verdict).toBe('breach');
    const handful = { requests: 6, routes: { 'GET /menu': [6, 900] } } as const;
    expect(judge({ real: times(2, handful), own: times(2, own) }).verdict).toBe('inconclusive');
  });

  it('is inconclusive without any baseline, and says how to get one', () => {
    const verdict = judge(menus(9_000, 9_000, 9_000), { baseline: new Map() });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', value: 0 });
    expect(verdict.reason).toMatch(/^nobody knows how fast the legacy system was/);
  });

  it('is inconclusive where only routes without a baseline were asked, and in silence', () => {
    const unknown = { routes: { 'GET /new': [90, 9_000] } } as const;
    expect(judge({ real: times(3, { requests: 90, ...unknown }) })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no route with a baseline was asked often enough',
    });
    expect(judge(menus(700, 700, 700), { late: 3 * slot + 1 }).verdict).toBe('inconclusive');
    expect(judge({}).reason).toMatch(/too few requests/);
  });

  it('is measured by rollbackd’s own dozen of requests a slot, too', () => {
    const own = {
      requests: 12,
      routes: { 'GET /menu': [4, 900], 'GET /orders': [4, 150], 'GET /report': [4, 200] },
    } as const;
    expect(judge({ own: times(3, own) })).toMatchObject({ verdict: 'breach', samples: 36 });
  });

  it('takes more real answers than own ones for a p95', () => {
    const few = { requests: 60, routes: { 'GET /menu': [4, 900] } } as const;
    expect(judge({ real: times(3, few) }).verdict).toBe('inconclusive');
    expect(judge({ own: times(3, { ...few, requests: 12 }) }).verdict).toBe('breach');
  });

  it('never becomes worse by faster answers', () => {
    const p95 = fc.integer({ min: 1, max: 20_000 });
    const slots = fc.array(fc.tuple(p95, p95, p95, fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 3,
      maxLength: 12,
    });
    fc.assert(
      fc.property(slots, (each) => {
        const slower = judge({ real: each.map(([menu, orders, report]) => minute(menu, orders, report)) });
        const faster = judge({
          real: each.map(([menu, orders, report, by]) => minute(menu * by + 1, orders * by + 1, report * by + 1)),
        });
        if (faster.verdict === 'breach') expect(['breach']).toContain(slower.verdict);
      }),
    );
  });
});
