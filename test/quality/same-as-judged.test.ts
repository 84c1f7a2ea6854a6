import { expect, test } from 'vitest';
import { dayOf } from '../../bench/quality/day.ts';
import { type ErrorRate, judgesOf, rules } from '../../bench/quality/error-rates.ts';
import { limits } from '../../bench/quality/outages.ts';
import { Random } from '../../bench/quality/random.ts';
import type { Says } from '../../bench/quality/says.ts';
import { amongTenants, tenantNames } from '../../bench/quality/tenants.ts';
import { type Counts, slotMs, slotsPerDay } from '../../bench/quality/traffic.ts';
import type { RequestSlot } from '../../src/model/request-slot.ts';
import { judgeAll } from '../../src/rules/judge.ts';
import { emptySamples } from '../../src/rules/samples/samples.ts';

const days = [
  { criterion: 'error-rate-severe', perMinute: 2, failing: 0.24 },
  { criterion: 'error-rate-severe', perMinute: 10, failing: 0.13 },
  { criterion: 'error-rate-moderate', perMinute: 50, failing: 0.045 },
] as const;

for (const { criterion, perMinute, failing } of days) {
  test(`${criterion} at ${perMinute} requests a minute is simulated as it is judged`, () => {
    const seed = ['same', criterion, perMinute] as const;
    const counts = dayOf({ perMinute, failing, deploys: true }, new Random(...seed));
    const slots = slotsOf(counts, seed);
    const { rule } = judgesOf(criterion, counts, ...seed);
    const simulated = Array.from({ length: slotsPerDay }, (_, index) => rule.saysAt(index + 1));
    expect(new Set(simulated)).toContain('breach');
    const ends = worthALook(simulated);
    const judged = ends.map((end) => isJudgedBreach(criterion, slots, end));
    expect(judged).toEqual(ends.map((end) => simulated[end - 1] === 'breach'));
  });
}

/** Now and then, and around a change. */
function worthALook(simulated: readonly Says[]): number[] {
  const changes = simulated.flatMap((says, index) => (says === (simulated[index - 1] ?? says) ? [] : [index]));
  const regular = Array.from({ length: 48 }, (_, half) => 360 * (half + 1));
  return [...new Set([...regular, ...changes.slice(0, 40).flatMap((index) => [index, index + 1])])].filter(
    (end) => end > 0,
  );
}

function slotsOf({ all, bad }: Counts, seed: readonly (string | number)[]): RequestSlot[] {
  const tenants = amongTenants({ all, bad, badToClear: bad }, new Random(...seed, 'tenants'));
  return Array.from(all, (requests, slot) => ({
    at: slot * slotMs,
    requests,
    errors: bad[slot] ?? 0,
    routes: [],
    tenants: tenants
      .map((tenant, index) => ({
        tenant: tenantNames[index] ?? '',
        requests: tenant.all[slot] ?? 0,
        errors: tenant.bad[slot] ?? 0,
      }))
      .filter((tenant) => tenant.requests > 0),
  })).filter(({ requests }) => requests > 0);
}

function isJudgedBreach(criterion: ErrorRate, slots: readonly RequestSlot[], end: number): boolean {
  const now = end * slotMs;
  const remembered = slots.filter(({ at }) => at >= now - limits.ageMs && at < now);
  const { verdicts } = judgeAll({
    samples: { ...emptySamples(limits), requests: remembered, requestsLook: { at: now, tookMs: 0, openUpstream: 0 } },
    rules,
    now,
    judgedFrom: 0,
    version: 'unified',
    tenants: new Set(tenantNames),
    leakedBefore: new Set(),
    baseline: new Map(),
  });
  return verdicts.some((each) => each.criterion === criterion && each.verdict === 'breach');
}
