import type { KnownBlock } from '@slack/web-api';
import { toldIn } from '../../../incident/news.ts';
import type { Decision } from '../../../model/decision.ts';
import type { GuardResult } from '../../../model/guard.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { context, section } from './blocks.ts';
import { escapeText } from './markup.ts';

/** Why a decision is what it is, in the order in which somebody woken by it needs it. */
export function reasonBlocks(decision: Decision): KnownBlock[] {
  return [
    ...list('What is wrong', toldIn(decision).map(said)),
    ...list('What speaks against a rollback', against(decision)),
    ...list(
      'What a rollback would lose',
      decision.guards.filter(isCost).map(({ reason }) => reason),
    ),
  ];
}

const said = ({ criterion, reason }: Verdict): string => `${criterion}: ${reason}`;

/** Told as what it costs, where it does not stand among the reasons against. */
const isCost = ({ guard, outcome }: GuardResult): boolean => guard === 'max-writes-lost' && outcome === 'passed';

function against({ reasonsAgainst, verdicts }: Decision): readonly string[] {
  const clear = new Set(verdicts.filter(isClear).map(({ criterion, reason }) => `${criterion} is clear: ${reason}`));
  return reasonsAgainst.filter((reason) => !clear.has(reason));
}

const isClear = ({ verdict }: Verdict): boolean => verdict === 'clear';

/** What needs nobody's eye: by name alone, and small. */
export function inOrderBlocks({ verdicts, guards }: Decision): KnownBlock[] {
  const clear = verdicts.filter(isClear).map(({ criterion }) => criterion);
  const passed = guards.filter(({ outcome }) => outcome === 'passed').map(({ guard }) => guard);
  const lines = [
    ...(clear.length > 0 ? [`clear: ${clear.join(', ')}`] : []),
    ...(passed.length > 0 ? [`guards passed: ${passed.join(', ')}`] : []),
  ];
  return lines.length === 0 ? [] : [context(lines.join('\n'))];
}

export const list = (title: string, lines: readonly string[]): KnownBlock[] =>
  lines.length === 0 ? [] : [section([`*${title}*`, ...lines.map((line) => `• ${escapeText(line)}`)].join('\n'))];
