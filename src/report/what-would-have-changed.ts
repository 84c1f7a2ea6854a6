import type { Decision } from '../model/decision.ts';
import { isNotable, type Verdict } from '../model/verdict.ts';
import type { DecisionRecord } from './decision-record.ts';
import { measureInWords } from './measure-in-words.ts';
import { courseInWords } from './timeline.ts';

/** Of the last decision: which thresholds, which guards and which other reasons made it what it is. */
export function whatWouldHaveChanged(decisions: DecisionRecord['decisions']): string[] {
  const last = decisions.at(-1)?.decision;
  if (!last) return [];
  return [
    ...last.verdicts.filter(({ verdict }) => verdict === 'breach').map(threshold),
    ...last.verdicts.filter((verdict) => verdict.verdict === 'pending' && isNotable(verdict)).map(onTheWay),
    ...last.guards
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ guard, reason }) => `${guard} failed: ${reason}`),
    ...others(last),
  ];
}

const threshold = ({ criterion, value, threshold: above, unit }: Verdict): string =>
  `${criterion}: no breach with a threshold above ${measureInWords(value, unit)} (it is ${measureInWords(above, unit)})`;

const onTheWay = ({ criterion, value, threshold: above, unit }: Verdict): string =>
  `${criterion}: a breach once it is above ${measureInWords(above, unit)} (it was ${measureInWords(value, unit)})`;

/** Reasons that are neither a guard's nor a criterion's: the mode, a pause, an answer of people. */
function others(decision: Decision): string[] {
  const said = [
    ...decision.guards.map(({ guard }) => `${guard}: `),
    ...decision.verdicts.map(({ criterion, verdict }) => `${criterion} is ${verdict}: `),
  ];
  return decision.reasonsAgainst
    .filter((reason) => !said.some((begin) => reason.startsWith(begin)))
    .map((reason) => `${courseInWords(decision)}, since ${reason}`);
}
