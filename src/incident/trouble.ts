import type { Tier } from '../model/tier.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';

/** When people were told, or asked, of a criterion last, and what they then knew. */
export interface Said {
  readonly at: number;
  readonly tier: Tier;
  readonly inBreach: boolean;
}

/** A criterion's trouble over all incidents, for as long as it comes and goes by itself. */
export interface Trouble {
  readonly since: number;
  /** How often it came back. */
  readonly returns: number;
  /** When its incident ended; it has not come back since. */
  readonly endedAt?: number | undefined;
  readonly told?: Said | undefined;
  readonly asked?: Said | undefined;
}

export type Troubles = ReadonlyMap<CriterionName, Trouble>;

const saidOf = (verdict: Verdict, at: number): Said => ({
  at,
  tier: verdict.tier,
  inBreach: verdict.verdict === 'breach',
});

/** After an incident was opened for a criterion. */
export function withOpened(troubles: Troubles, criterion: CriterionName, returns: number, at: number): Troubles {
  const known = troubles.get(criterion);
  const since = returns > 0 ? (known?.since ?? at) : at;
  return new Map(troubles).set(criterion, { ...known, since, returns, endedAt: undefined });
}

/** After people were told, or asked, of these. */
export function withSaid(
  troubles: Troubles,
  verdicts: readonly Verdict[],
  how: 'told' | 'asked',
  at: number,
): Troubles {
  const after = new Map(troubles);
  for (const verdict of verdicts) {
    const known = after.get(verdict.criterion) ?? { since: at, returns: 0 };
    after.set(verdict.criterion, { ...known, endedAt: undefined, [how]: saidOf(verdict, at) });
  }
  return after;
}

export function withReturn(troubles: Troubles, criterion: CriterionName): Troubles {
  const known = troubles.get(criterion);
  return known ? new Map(troubles).set(criterion, { ...known, returns: known.returns + 1 }) : troubles;
}

/** What has healed by itself may come back; what people have settled is another matter when it comes again. */
export function withEnded(
  troubles: Troubles,
  criteria: readonly CriterionName[],
  how: 'healed' | 'settled',
  at: number,
): Troubles {
  const after = new Map(troubles);
  for (const criterion of criteria) {
    const known = after.get(criterion);
    if (known && how === 'healed') after.set(criterion, { ...known, endedAt: at });
    else after.delete(criterion);
  }
  return after;
}
