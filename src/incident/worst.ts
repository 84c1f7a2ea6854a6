import type { Decision } from '../model/decision.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import { isNotable } from './closed-as-known.ts';

/** The most that an incident's decisions have said of a criterion, as far as people still know it: no more than that is no news. */
export interface Worst {
  readonly criterion: CriterionName;
  /** Of its breaches, since people were asked last; 0 where it was told and in no breach. */
  readonly value: number;
  /** Everybody it was ever said of; empty where nobody in particular was named. */
  readonly tenants: readonly string[];
}

/** What a decision tells people of. */
export const toldIn = ({ verdicts }: Decision): Verdict[] =>
  verdicts.filter((verdict) => verdict.verdict === 'breach' || isNotable(verdict));

export function withWorst(worst: readonly Worst[], decision: Decision): readonly Worst[] {
  const known = new Map(worst.map((each) => [each.criterion, each]));
  for (const { criterion, verdict, value, tenants } of toldIn(decision)) {
    const before = known.get(criterion);
    known.set(criterion, {
      criterion,
      value: Math.max(before?.value ?? 0, verdict === 'breach' ? value : 0),
      tenants: [...new Set([...(before?.tenants ?? []), ...tenants])],
    });
  }
  return [...known.values()];
}

/** Whoever is asked now reads what it is now: how bad it once was hides nothing that comes after. */
export const asAskedOf = (worst: readonly Worst[], { verdicts }: Decision): readonly Worst[] =>
  worst.map((each) => {
    const asked = verdicts.find(({ criterion, verdict }) => criterion === each.criterion && verdict === 'breach');
    return asked ? { ...each, value: asked.value } : each;
  });
