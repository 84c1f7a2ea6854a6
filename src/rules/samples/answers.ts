import { leaked, unrefuted } from '../sources/leaks.ts';
import { indexFrom } from './eyesight.ts';
import type { Refuting } from './limits.ts';
import type { IsolationLook } from './samples.ts';

/** What isolation was asked lately, by question: only the same question, asked again, refutes an answer. Oldest first. */
export type Answers = ReadonlyMap<string, readonly IsolationLook[]>;

interface Bounds {
  /** Older ones are forgotten. */
  readonly from: number;
  /** Of all questions together, about. */
  readonly count: number;
  readonly refuting: Refuting;
}

/** However many questions there are, so many answers of each. */
const fewest = 10;
/** More answers of one question say no more about how often it leaks. */
const mostOfOneLeak = 100;

export function withAnswers(known: Answers, added: readonly IsolationLook[], bounds: Bounds): Answers {
  const fresh = Map.groupBy(added, ({ question }) => question);
  if (fresh.size === 0 && !hasOld(known, bounds.from)) return known;
  const questions = new Set([...known.keys(), ...fresh.keys()]);
  const most = Math.max(fewest, Math.floor(bounds.count / questions.size));
  const kept = [...questions].map((question) => {
    const looks = [...(known.get(question) ?? []), ...(fresh.get(question) ?? [])];
    return [question, sinceItLeaked(stillCounting(looks, most, bounds))] as const;
  });
  return new Map(kept.filter(([, looks]) => looks.length > 0));
}

const hasOld = (known: Answers, from: number): boolean =>
  [...known.values()].some((looks) => indexFrom(looks, from) > 0);

/**
 * A question whose leak no clean answers have refuted is not forgotten with age: forgetting it would count as a pass. Nor is
 * a leak that still counts, however often the question was asked since.
 */
function stillCounting(looks: readonly IsolationLook[], most: number, { from, refuting }: Bounds) {
  const first = Math.max(indexFrom(looks, from), looks.length - most);
  const old = looks.slice(0, first);
  const late = looks.slice(first);
  if (!old.some(leaked)) return late;
  const trouble = new Set(unrefuted(looks, refuting));
  const counting = old.filter((look) => trouble.has(look) || (leaked(look) && look.at >= from));
  return [...counting.slice(-mostOfOneLeak), ...late];
}

/** While a question has not leaked, only its newest answer says anything, and the newest that showed documents. */
function sinceItLeaked(looks: readonly IsolationLook[]): readonly IsolationLook[] {
  const leak = looks.findIndex(leaked);
  if (leak >= 0) return looks.slice(leak);
  const shown = looks.findLastIndex(({ checked }) => checked > 0);
  return looks.filter((_, index) => index === shown || index === looks.length - 1);
}

/** The newest of those that this is true of. */
export function newestAnswer(
  answers: Answers,
  isSo: (look: IsolationLook) => boolean = () => true,
): IsolationLook | undefined {
  const newest = [...answers.values()].flatMap((looks) => looks.findLast(isSo) ?? []);
  return newest.reduce<IsolationLook | undefined>(
    (last, look) => (last && last.at >= look.at ? last : look),
    undefined,
  );
}
