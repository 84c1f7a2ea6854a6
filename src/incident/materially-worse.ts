import type { Decision } from '../model/decision.ts';
import type { Tier } from '../model/tier.ts';
import type { Verdict } from '../model/verdict.ts';

const harm: Readonly<Record<Tier, number>> = { moderate: 0, severe: 1, critical: 2 };

/** In what way things are worse now than when people were asked; `undefined` where they are not. */
export function isMateriallyWorse(frozen: Decision, now: Decision): string | undefined {
  return newBreach(frozen, now) ?? higherTier(frozen, now) ?? moreTenants(frozen, now) ?? doubled(frozen, now);
}

const breachesOf = ({ verdicts }: Decision): Verdict[] => verdicts.filter((verdict) => verdict.verdict === 'breach');

function newBreach(frozen: Decision, now: Decision): string | undefined {
  const known = new Set(breachesOf(frozen).map(({ criterion }) => criterion));
  const added = breachesOf(now).filter(({ criterion }) => !known.has(criterion));
  return added.length > 0 ? `${added.map(({ criterion }) => criterion).join(', ')} is now in breach too` : undefined;
}

function higherTier(frozen: Decision, now: Decision): string | undefined {
  if (!now.tier || !frozen.tier || harm[now.tier] <= harm[frozen.tier]) return undefined;
  return `the tier rose from ${frozen.tier} to ${now.tier}`;
}

function moreTenants(frozen: Decision, now: Decision): string | undefined {
  const added = now.tenants.filter((tenant) => !frozen.tenants.includes(tenant));
  return added.length > 0 ? `more tenants are affected: ${added.join(', ')}` : undefined;
}

/** Trouble that goes on grows longer all the time: only a long one has become another matter. */
const longWait = 30 * 60_000;

function doubled(frozen: Decision, now: Decision): string | undefined {
  for (const { criterion, value, unit } of breachesOf(now)) {
    const before = breachesOf(frozen).find((breach) => breach.criterion === criterion);
    if (before && before.value > 0 && value >= 2 * before.value && (unit !== 'ms' || value >= longWait)) {
      return `${criterion} has doubled, from ${before.value} to ${value} ${unit}`;
    }
  }
  return undefined;
}
