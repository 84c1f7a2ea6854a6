import { formatDuration } from '../core/duration.ts';
import type { JournalEvent } from '../model/event.ts';
import type { Verdict } from '../model/verdict.ts';
import type { DecisionRecord } from './decision-record.ts';
import { instantInWords } from './measure-in-words.ts';
import { courseInWords } from './timeline.ts';

type Decided = DecisionRecord['decisions'][number];

/** From the first look that showed it to the last thing done: what each stretch waited for. */
export function whyNotEarlier(decisions: readonly Decided[], events: readonly JournalEvent[]): string[] {
  const lead = decisions.findLast(({ decision }) => decision.criterion !== undefined)?.decision.criterion;
  const seen = decisions.flatMap((decided) =>
    decided.decision.verdicts.filter(({ criterion }) => criterion === lead).map((verdict) => ({ ...decided, verdict })),
  );
  const began = seen.map(({ verdict }) => verdict.since).find((since) => since !== undefined);
  const pending = seen.find(({ verdict }) => verdict.verdict === 'pending');
  const breach = seen.find(({ verdict }) => verdict.verdict === 'breach');
  return [
    ...(began === undefined ? [] : [`it began at ${instantInWords(began)}: the first look that showed it`]),
    ...(pending ? [`${after(began, pending.at)}it was pending: ${pending.verdict.reason}`] : []),
    ...(breach ? [`${after(began, breach.at)}it was a breach: ${evidenceOf(breach.verdict)}`] : []),
    ...changesOfCourse(decisions, began),
    ...asking(events, began),
  ];
}

/** A breach needs so many samples above the threshold over so long: until then there was none. */
const evidenceOf = ({ samples, windowMs, reason }: Verdict): string =>
  `until then there were too few samples, or it had not lasted (${samples} in ${formatDuration(windowMs)}): ${reason}`;

/** Each revision that called for something else, with what spoke against acting before. */
function changesOfCourse(decisions: readonly Decided[], began: number | undefined): string[] {
  return decisions.slice(1).flatMap(({ at, decision }, index) => {
    const before = decisions[index]?.decision;
    if (!before || courseInWords(before) === courseInWords(decision)) return [];
    const against = before.reasonsAgainst[0] ?? 'nothing spoke for more';
    return [
      `${after(began, at)}${courseInWords(decision)}; before that only ${courseInWords(before)}, since ${against}`,
    ];
  });
}

function asking(events: readonly JournalEvent[], began: number | undefined): string[] {
  const asked = events.find(({ body }) => body.kind === 'approval.requested');
  const run = events.find(({ body }) => body.kind === 'run.started');
  if (!asked) return [];
  const waited = run && run.at > asked.at ? `, and the answer took ${formatDuration(run.at - asked.at)}` : '';
  return [`${after(began, asked.at)}people were asked${waited}`];
}

const after = (began: number | undefined, at: number): string =>
  began === undefined ? `at ${instantInWords(at)} ` : `${formatDuration(Math.max(0, at - began))} later `;
