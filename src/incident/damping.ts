import type { Decision } from '../model/decision.ts';
import { harmOf } from '../model/tier.ts';
import type { Verdict } from '../model/verdict.ts';
import { courseOf } from './course.ts';
import type { DaemonState } from './daemon-state.ts';
import { breachesIn, toldIn } from './news.ts';
import type { Outlook } from './outlook.ts';
import type { Said } from './trouble.ts';

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
  if (courseOf(decision) === 'rollback') return false;
  return isSaidLately(toldIn(decision), (verdict) => saidOf(verdict, 'told', state, decision), outlook);
}

export const isAskedLately = (state: DaemonState, decision: Decision, outlook: Outlook): boolean =>
  isSaidLately(breachesIn(decision), (verdict) => saidOf(verdict, 'asked', state, decision), outlook);

/** Of the criterion itself, or of another tier of the same measure. */
function saidOf(verdict: Verdict, how: 'told' | 'asked', { troubles }: DaemonState, { verdicts }: Decision): Said[] {
  const { criterion, measure } = verdict;
  const same = verdicts.filter((each) => each.criterion === criterion || (measure && each.measure === measure));
  return same.flatMap((each) => troubles.get(each.criterion)?.[how] ?? []);
}

function isSaidLately(
  verdicts: readonly Verdict[],
  said: (verdict: Verdict) => readonly Said[],
  outlook: Outlook,
): boolean {
  const isKnown = (verdict: Verdict) =>
    said(verdict).some((each) => outlook.now - each.at < flappingWithin(outlook) && covers(each, verdict));
  return verdicts.length > 0 && verdicts.every(isKnown);
}

/** Documents handed to others call people each time. */
const covers = (said: Said, verdict: Verdict): boolean =>
  verdict.first !== 'contain' &&
  harmOf(said.tier) >= harmOf(verdict.tier) &&
  (said.inBreach || verdict.verdict !== 'breach');
