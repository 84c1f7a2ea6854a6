import { formatDuration } from '../../core/duration.ts';
import type { Decision } from '../../model/decision.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { DecisionRecord } from '../../report/decision-record.ts';
import { verdictInWords } from '../../report/measure-in-words.ts';
import { courseInWords } from '../../report/timeline.ts';

/** The decision record for people: what, why, why not earlier, and what would have changed it. */
export function explanationLines(record: DecisionRecord): string[] {
  const { decision } = record.decisions.at(-1) ?? {};
  return [
    headline(record),
    ...(decision ? decisionLines(decision) : []),
    ...part('why not earlier', record.whyNotEarlier),
    ...part('what would have changed it', record.whatWouldHaveChangedIt),
    ...part('who answered', record.answers.map(answerLine)),
    ...part(
      'what happened',
      record.timeline.map(({ at, what }) => `${clock(at)}  ${what}`),
    ),
  ];
}

function decisionLines({ verdicts, guards, reasonsFor, ...decision }: Decision): string[] {
  const telling = verdicts.filter(({ verdict }) => verdict !== 'clear' && verdict !== 'inconclusive');
  const silent = (wanted: Verdict['verdict']) =>
    verdicts.filter(({ verdict }) => verdict === wanted).map(({ criterion }) => criterion);
  const isGuards = (reason: string) => guards.some(({ guard }) => reason.startsWith(`${guard}: `));
  return [
    ...part('what was seen', [
      ...telling.map(verdictInWords),
      ...named('clear', silent('clear')),
      ...named('could not be judged', silent('inconclusive')),
    ]),
    ...part('what was decided', [courseInWords(decision), ...reasonsFor.filter((reason) => !isGuards(reason))]),
    ...part(
      'guards',
      guards.map(({ guard, outcome, reason }) => `${outcome.padEnd(6)} ${guard}: ${reason}`),
    ),
  ];
}

const named = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];

function headline({ incident, criterion, tier, mode, openedAt, ended }: DecisionRecord): string {
  const end = ended ? `${ended.how} after ${formatDuration(ended.at - openedAt)}` : 'still open';
  return `${incident}: ${criterion} (${tier}), opened ${clock(openedAt)} UTC in mode ${mode}, ${end}`;
}

function answerLine({ at, person, role, via, answer, reason }: DecisionRecord['answers'][number]): string {
  const said = answer === 'approved' ? 'yes' : 'no';
  return `${clock(at)}  ${person} (${role}, ${via}) said ${said}${reason === undefined ? '' : `: ${reason}`}`;
}

const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const clock = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
