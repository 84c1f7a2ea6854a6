import { hashOf } from '../core/digest.ts';
import type { Decision } from '../model/decision.ts';

/**
 * The hash that a click is bound to: what is in breach for whom and what is to be done about it.
 * Numbers, times and sentences are left out, since they change with every look and mean the same.
 */
export function evidenceHash({ action, next, tier, criterion, tenants, verdicts }: Decision): string {
  const breaches = verdicts
    .filter((verdict) => verdict.verdict === 'breach')
    .map((breach) => ({
      criterion: breach.criterion,
      tier: breach.tier,
      threshold: breach.threshold,
      unit: breach.unit,
      tenants: [...breach.tenants].sort(),
    }))
    .sort((a, b) => (a.criterion < b.criterion ? -1 : 1));
  return hashOf({ action, next, tier, criterion, tenants: [...tenants].sort(), breaches });
}
