import type { Happened } from './play.ts';
import type { Expected, Story } from './story.ts';

export interface Score {
  /** Nobody expects them. */
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
  /** They came, after their time. */
  readonly late: readonly string[];
}

const acts = ['asked', 'contained', 'rolled back alone', 'rolled back as approved'];

export function scoreOf(story: Story, happened: readonly Happened[]): Score {
  const left = happened.filter(({ deed }) => acts.includes(deed) || deed === 'withdrawn');
  const missed: string[] = [];
  const late: string[] = [];
  for (const expected of byUrgency(story.expected)) {
    if (take(left, happened, (one) => isMeant(one, expected) && one.at >= expected.from && one.at <= expected.to))
      continue;
    if (!expected.must) continue;
    const after = take(left, happened, (one) => isMeant(one, expected) && one.at > expected.to);
    if (after) late.push(`${saidOf(expected)}, came at ${clockOf(after.at)}`);
    else missed.push(saidOf(expected));
  }
  return { wrong: [...left.flatMap(wrongOf), ...firstWords(happened), ...tooOften(story, happened)], missed, late };
}

/** What must happen is looked for before what may. */
const byUrgency = (expected: readonly Expected[]): Expected[] =>
  [...expected].sort((a, b) => Number(b.must) - Number(a.must));

/** Messages are not used up, so that one message can be what several lines of a story expect. */
function take(left: Happened[], all: readonly Happened[], isIt: (one: Happened) => boolean): Happened | undefined {
  const index = left.findIndex(isIt);
  if (index >= 0) return left.splice(index, 1)[0];
  return (
    all.find((one) => one.deed === 'told' && isIt(one)) ??
    all.find((one) => isTelling(one) && isIt({ ...one, deed: 'told' }))
  );
}

const isTelling = ({ deed }: Happened): boolean => deed === 'asked' || deed === 'contained';

const isMeant = ({ deed, tier }: Happened, expected: Expected): boolean =>
  deed === expected.deed && (expected.tiers.length === 0 || (tier !== undefined && expected.tiers.includes(tier)));

const wrongOf = ({ deed, tier, at }: Happened): string[] =>
  deed === 'withdrawn' ? [] : [`${deed}${tier ? ` (${tier})` : ''} at ${clockOf(at)}`];

/** A rollback is never the first that people hear. */
function firstWords(happened: readonly Happened[]): string[] {
  const rollback = happened.find(({ deed }) => deed === 'rolled back alone');
  if (!rollback) return [];
  const warned = happened.some((one) => one.at <= rollback.at - 5_000 && (one.deed === 'told' || isTelling(one)));
  return warned ? [] : [`the rollback at ${clockOf(rollback.at)} is the first that people hear`];
}

function tooOften({ mostTold }: Story, happened: readonly Happened[]): string[] {
  const times = happened.filter(({ deed }) => deed === 'told').length;
  return mostTold !== undefined && times > mostTold ? [`told ${times} times, not at most ${mostTold}`] : [];
}

const saidOf = ({ deed, tiers, from, to }: Expected): string =>
  `${deed}${tiers.length > 0 ? ` (${tiers.join(' or ')})` : ''} between ${clockOf(from)} and ${clockOf(to)}`;

const clockOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
