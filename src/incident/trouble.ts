import type { Decision } from '../model/decision.ts';
import { harmOf, type Tier } from '../model/tier.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import { courseOf } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { breachesIn, toldIn } from './news.ts';
import type { Outlook } from './outlook.ts';

/** When people were told, or asked, of a criterion last, and what they then knew. */
export interface Said {
  readonly at: number;
  readonly tier: Tier;
  readonly inBreach: boolean;
  /** Whose documents were handed out, where that is what is wrong. */
  readonly leaked: readonly string[];
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

const hour = 3_600_000;

export const flappingWithin = ({ flapping }: Pick<Outlook, 'flapping'>): number => flapping?.within ?? hour;

/** How often the trouble that a new incident opens for has come back; 0 where it is new. */
export function returnsOf({ troubles }: DaemonState, { criterion }: Decision, outlook: Outlook): number {
  const trouble = criterion === undefined ? undefined : troubles.get(criterion);
  if (trouble?.endedAt === undefined || outlook.now - trouble.endedAt >= flappingWithin(outlook)) return 0;
  return trouble.returns + 1;
}

/** Doubles with each return, to `within`. Trouble that is new is over when it is clear. */
export const clearFor = (returns: number, within: number): number =>
  returns === 0 ? 0 : within / 2 ** Math.max(0, 4 - returns);

/** People have been told of all of it lately: it calls nobody again. What is about to be acted on always does. */
export function isToldLately(state: DaemonState, decision: Decision, outlook: Outlook): boolean {
  if (decision.action === 'contain' || courseOf(decision) === 'rollback') return false;
  return isSaidLately(toldIn(decision), ({ criterion }) => state.troubles.get(criterion)?.told, outlook);
}

export const isAskedLately = (state: DaemonState, decision: Decision, outlook: Outlook): boolean =>
  isSaidLately(breachesIn(decision), ({ criterion }) => state.troubles.get(criterion)?.asked, outlook);

function isSaidLately(
  verdicts: readonly Verdict[],
  saidOf: (verdict: Verdict) => Said | undefined,
  outlook: Outlook,
): boolean {
  const isKnown = (verdict: Verdict) => {
    const said = saidOf(verdict);
    return said !== undefined && outlook.now - said.at < flappingWithin(outlook) && covers(said, verdict);
  };
  return verdicts.length > 0 && verdicts.every(isKnown);
}

const covers = (said: Said, verdict: Verdict): boolean =>
  harmOf(said.tier) >= harmOf(verdict.tier) &&
  (said.inBreach || verdict.verdict !== 'breach') &&
  leakedIn(verdict).every((tenant) => said.leaked.includes(tenant));

const leakedIn = ({ first, tenants }: Verdict): readonly string[] => (first === 'contain' ? tenants : []);

const saidOf = (verdict: Verdict, at: number): Said => ({
  at,
  tier: verdict.tier,
  inBreach: verdict.verdict === 'breach',
  leaked: leakedIn(verdict),
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
