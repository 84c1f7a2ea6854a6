import type { Tier } from '../model/tier.ts';
import { isNotable, type Verdict } from '../model/verdict.ts';
import { type Standing, underStanding } from './standing.ts';

const tierRank: Readonly<Record<Tier, number>> = { critical: 0, severe: 1, moderate: 2 };

/** Within a tier: what does more harm each minute that it goes on. */
const harmRank: Readonly<Record<string, number>> = {
  'cross-tenant-leak': 0,
  unavailable: 1,
  'database-connection': 2,
  'error-rate-severe': 3,
  'error-rate-moderate': 3,
  'latency-severe': 4,
  'latency-moderate': 4,
};

/** The breach that says what is to be done, our own doing left out; the guards are asked about this one. */
export function leadingBreach(verdicts: readonly Verdict[], standing: Standing): Verdict | undefined {
  const read = verdicts.map((verdict) => underStanding(verdict, standing));
  return read.filter((verdict) => verdict.verdict === 'breach').sort(byHarm)[0];
}

export const notableExemption = (verdicts: readonly Verdict[]): Verdict | undefined =>
  verdicts.filter(isNotable).sort(byHarm)[0];

const byHarm = (a: Verdict, b: Verdict): number =>
  tierRank[a.tier] - tierRank[b.tier] || (harmRank[a.criterion] ?? 9) - (harmRank[b.criterion] ?? 9);
