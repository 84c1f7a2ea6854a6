import { formatDuration } from '../../core/duration.ts';
import type { DecisionRecord } from '../../report/decision-record.ts';
import { verdictInWords } from '../../report/measure-in-words.ts';
import { courseInWords } from '../../report/timeline.ts';

/** The decision record for people: what, why, why not earlier, and what would have changed it. */
export function explanationLines(record: DecisionRecord): string[] {
  const { decision } = record.decisions.at(-1) ?? {};
  const seen = decision?.verdicts.filter(({ verdict }) => verdict !== 'clear') ?? [];
  return [
    headline(record),
    ...part('what was seen', seen.map(verdictInWords)),
    ...part('what was decided', decision ? [courseInWords(decision), ...(decision.reasonsFor ?? [])] : []),
    ...part('guards', decision?.guards.map(({ guard, outcome, reason }) => `${outcome} ${guard}: ${reason}`) ?? []),
    ...part('why not earlier', record.whyNotEarlier),
    ...part('what would have changed it', record.whatWouldHaveChangedIt),
    ...part('who answered', record.answers.map(answerLine)),
    ...part(
      'what happened',
      record.timeline.map(({ at, what }) => `${clock(at)}  ${what}`),
    ),
  ];
}

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
