import type { Act } from './act.ts';

/** One act of two pasts, or of one alone. */
export interface Pair {
  readonly first?: Act;
  readonly second?: Act;
}

/** The same act at another time is still the same act, within this. */
const nearby = 6 * 3_600_000;

/** What both did, and what only one did, in the order of time. */
export function sideBySide(first: readonly Act[], second: readonly Act[]): Pair[] {
  const left = new Set(second);
  const matches = new Map<Act, Act>();
  for (const isMatch of [isSame, isAlike]) {
    for (const act of first) {
      if (matches.has(act)) continue;
      const match = nearest(
        act,
        [...left].filter((other) => isMatch(act, other)),
      );
      if (!match) continue;
      matches.set(act, match);
      left.delete(match);
    }
  }
  const pairs = first.map((act): Pair => {
    const match = matches.get(act);
    return { first: act, ...(match && { second: match }) };
  });
  return [...pairs, ...[...left].map((second): Pair => ({ second }))].sort((a, b) => begin(a) - begin(b));
}

const isAlike = (a: Act, b: Act): boolean =>
  a.act === b.act && a.criterion === b.criterion && Math.abs(a.at - b.at) <= nearby;

const isSame = (a: Act, b: Act): boolean => a.at === b.at && isAlike(a, b);

const nearest = (act: Act, others: readonly Act[]): Act | undefined =>
  [...others].sort((a, b) => Math.abs(a.at - act.at) - Math.abs(b.at - act.at))[0];

const begin = ({ first, second }: Pair): number => Math.min(first?.at ?? Infinity, second?.at ?? Infinity);
