import type { KnownBlock } from '@slack/web-api';
import { breachesIn, toldIn } from '../../../incident/news.ts';
import type { Incident } from '../../../incident/state.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { list } from './reasons.ts';

/** The newest verdicts, as a card shows them. */
export interface Seen {
  readonly at: number;
  readonly verdicts: readonly Verdict[];
}

const refreshEvery = 60_000;

/** Anew at once where another verdict is given, and else once a minute: numbers change with each look, and Slack takes few changes. */
export function seenAfter(before: Seen | undefined, verdicts: readonly Verdict[], now: number): Seen {
  const isSame = before && outlineOf(before.verdicts) === outlineOf(verdicts);
  return isSame && now - before.at < refreshEvery ? before : { at: now, verdicts };
}

const outlineOf = (verdicts: readonly Verdict[]): string =>
  verdicts.map(({ criterion, verdict }) => `${criterion} ${verdict}`).join('\n');

/** What is seen of its trouble now, next to what was decided: while there is something to decide. */
export function seenBlocks({ frozen, status }: Incident, verdicts: readonly Verdict[]): KnownBlock[] {
  if (!frozen || !['open', 'awaiting-approval', 'approved', 'rejected'].includes(status)) return [];
  const asked = breachesIn(frozen.decision).map(({ criterion }) => criterion);
  const told = new Set(toldIn({ ...frozen.decision, verdicts: [...verdicts] }));
  const lines = verdicts.filter((verdict) => told.has(verdict) || asked.includes(verdict.criterion)).map(line);
  const decided = frozen.decision.verdicts.map(line);
  return list('Seen now', lines.every((each) => decided.includes(each)) ? [] : lines);
}

const line = ({ criterion, verdict, reason }: Verdict): string => `${criterion} is ${verdict}: ${reason}`;
