import type { Decision } from '../model/decision.ts';
import { type CriterionName, isNotable, type Verdict } from '../model/verdict.ts';

/** The most that an incident's decisions have said of a criterion, as far as people still know it: no more than that is no news. */
export interface Worst {
  readonly criterion: CriterionName;
  /** Of its breaches, since people were asked last; 0 where it was told and in no breach. */
  readonly value: number;
  /** Everybody it was ever said of; empty where a breach named nobody in particular, so that it was said of anybody. */
  readonly tenants: readonly string[];
}

/** What a decision tells people of. */
export const toldIn = ({ verdicts }: Decision): Verdict[] =>
  verdicts.filter((verdict) => verdict.verdict === 'breach' || isNotable(verdict));

export function withWorst(worst: readonly Worst[], decision: Decision): readonly Worst[] {
  const known = new Map(worst.map((each) => [each.criterion, each]));
  for (const told of toldIn(decision)) {
    const { criterion } = told;
    const before = known.get(criterion);
    const now = { criterion, value: told.verdict === 'breach' ? told.value : 0, tenants: told.tenants };
    known.set(criterion, before ? both(before, now) : now);
  }
  return [...known.values()];
}

const both = (before: Worst, now: Worst): Worst => ({
  criterion: now.criterion,
  value: Math.max(before.value, now.value),
  tenants: isOfAnybody(before) || isOfAnybody(now) ? [] : [...new Set([...before.tenants, ...now.tenants])],
});

const isOfAnybody = ({ value, tenants }: Worst): boolean => value > 0 && tenants.length === 0;

/** Whoever is asked now reads what it is now: how bad it once was hides nothing that comes after. */
export const asAskedOf = (worst: readonly Worst[], { verdicts }: Decision): readonly Worst[] =>
  worst.map((each) => {
    const asked = verdicts.find(({ criterion, verdict }) => criterion === each.criterion && verdict === 'breach');
    return asked ? { ...each, value: asked.value } : each;
  });
