import type { ShareThresholds } from '../../src/rules/samples/shares.ts';
import { type LoneTenant, loneTenant } from '../../src/rules/sources/lone-tenant.ts';
import type { Random } from './random.ts';
import { between, runningSum } from './sums.ts';
import type { Counts } from './traffic.ts';

/** One customer has a third of all requests, another a fiftieth. */
export const tenantShares = [0.34, 0.2, 0.14, 0.1, 0.08, 0.07, 0.05, 0.02];
export const tenantNames = tenantShares.map((_, index) => `tenant-${index + 1}`);
const known: ReadonlySet<string> = new Set(tenantNames);

export interface TenantCounts {
  readonly all: Float64Array;
  readonly bad: Float64Array;
}

/** Whose requests they were: every failure hits anybody, as often as they ask. */
export function amongTenants({ all, bad }: Counts, random: Random): TenantCounts[] {
  const counts = tenantShares.map(() => ({ all: new Float64Array(all.length), bad: new Float64Array(all.length) }));
  for (let slot = 0; slot < all.length; slot += 1) {
    for (let request = 0; request < (all[slot] ?? 0); request += 1) {
      const tenant = counts[oneOf(tenantShares, random)];
      if (!tenant) continue;
      tenant.all[slot] = (tenant.all[slot] ?? 0) + 1;
      if (request < (bad[slot] ?? 0)) tenant.bad[slot] = (tenant.bad[slot] ?? 0) + 1;
    }
  }
  return counts;
}

function oneOf(shares: readonly number[], random: Random): number {
  let left = random.uniform();
  let index = 0;
  while (index < shares.length - 1 && left >= (shares[index] ?? 0)) {
    left -= shares[index] ?? 0;
    index += 1;
  }
  return index;
}

/** The log names tenants in the order in which they ask. */
function firstAfter(sums: Float64Array, from: number, to: number): number {
  let slot = from;
  while (slot < to && between(sums, from, slot + 1) === 0) slot += 1;
  return slot;
}

/** Whether all the trouble of a stretch is one tenant's. */
export function loneAmong(counts: readonly TenantCounts[], thresholds: ShareThresholds) {
  const sums = counts.map(({ all, bad }) => ({ all: runningSum(all), bad: runningSum(bad) }));
  return (from: number, to: number): LoneTenant | undefined => {
    const tenants = sums
      .map(({ all, bad }, index) => ({
        tenant: tenantNames[index] ?? '',
        requests: between(all, from, to),
        errors: between(bad, from, to),
        first: firstAfter(all, from, to),
      }))
      .sort((a, b) => a.first - b.first);
    const total = (key: 'requests' | 'errors') => tenants.reduce((sum, each) => sum + each[key], 0);
    const slot = { at: from, requests: total('requests'), errors: total('errors'), routes: [], tenants };
    return loneTenant(slot, { known, ...thresholds });
  };
}
