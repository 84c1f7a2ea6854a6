import { rulesSchema } from '../../src/rules/schema.ts';
import { fixedThreshold } from './fixed-threshold.ts';
import { Random } from './random.ts';
import type { Judge } from './says.ts';
import { SharesOverTime } from './shares-over-time.ts';
import { amongTenants, loneAmong } from './tenants.ts';
import type { Counts } from './traffic.ts';

export const rules = rulesSchema.parse({});
export const levels = [1, 2, 5, 10, 20, 50, 100, 200, 600] as const;
export const errorRates = ['error-rate-moderate', 'error-rate-severe'] as const;
export type ErrorRate = (typeof errorRates)[number];

/** The rule and the fixed threshold, on the same requests. */
export interface Rivals<T> {
  readonly rule: T;
  readonly fixed: T;
}

/** `seed`: of whose requests they were. */
export function judgesOf(criterion: ErrorRate, counts: Counts, ...seed: readonly (string | number)[]): Rivals<Judge> {
  const { above } = rules[criterion];
  let lone: ReturnType<typeof loneAmong> | undefined;
  const isLone = (from: number, to: number): boolean => {
    lone ??= loneAmong(amongTenants(counts, new Random(...seed, 'tenants')), rules[criterion]);
    return lone(from, to) !== undefined;
  };
  return {
    rule: new SharesOverTime(counts, rules.requests, rules[criterion], isLone),
    fixed: fixedThreshold(counts, above),
  };
}
