import { describe, expect, it } from 'vitest';
import { newestAnswer, withAnswers } from '../../../src/rules/samples/answers.ts';
import type { IsolationLook } from '../../../src/rules/samples/samples.ts';

const refuting = { samples: 2, clearOdds: 20, after: 1 };
const bounds = { from: 0, count: 1_000, refuting };

const answer = (question: string, at: number, foreignCount = 0) =>
  ({ question, at, tookMs: 0, foreignCount, checked: 1, foreign: [], owners: [] }) as unknown as IsolationLook;

const row = (question: string, length: number, foreignCount = 0) =>
  Array.from({ length }, (_, at) => answer(question, at, foreignCount));

const timesOf = (answers: ReturnType<typeof withAnswers>, question: string) =>
  answers.get(question)?.map(({ at }) => at);

describe('answers about isolation', () => {
  it('are kept by question, in the order in which they came, since it leaked', () => {
    const first = withAnswers(new Map(), [answer('a', 1), answer('b', 2, 1), answer('a', 3, 1)], bounds);
    const answers = withAnswers(first, [answer('a', 4), answer('c', 5), answer('b', 6)], bounds);
    expect([...answers.keys()].map((question) => timesOf(answers, question))).toEqual([[3, 4], [2, 6], [5]]);
  });

  it('are the newest one while none leaked, and the newest that showed documents', () => {
    const empty = (at: number) => ({ ...answer('a', at), checked: 0 });
    const kept = (...looks: IsolationLook[]) => timesOf(withAnswers(new Map(), looks, bounds), 'a');
    expect(kept(answer('a', 1), answer('a', 2))).toEqual([2]);
    expect(kept(answer('a', 1), answer('a', 2), empty(3), empty(4))).toEqual([2, 4]);
    expect(kept(empty(3), empty(4))).toEqual([4]);
  });

  it('are the same where none came and none is old', () => {
    const answers = withAnswers(new Map(), [answer('a', 1)], bounds);
    expect(withAnswers(answers, [], { ...bounds, from: 1 })).toBe(answers);
    expect(withAnswers(answers, [], { ...bounds, from: 2 })).toEqual(new Map());
    const two = withAnswers(answers, [answer('b', 2)], bounds);
    expect([...withAnswers(two, [], { ...bounds, from: 2 }).keys()]).toEqual(['b']);
  });

  it('are fewer of each where there are many questions, ten at least, and every leak that still counts', () => {
    const refuted = Array.from({ length: 40 }, (_, at) => [0, 21, 31].includes(at));
    const most = (questions: number, count: number) => {
      const looks = Array.from({ length: questions }, (_, index) =>
        refuted.map((leaks, at) => answer(`q${index}`, at, leaks ? 1 : 0)),
      ).flat();
      return timesOf(withAnswers(new Map(), looks, { ...bounds, count }), 'q0');
    };
    const last = (count: number) => Array.from({ length: count }, (_, index) => 40 - count + index);
    expect(most(1, 40)).toEqual(last(40));
    expect(most(2, 40)).toEqual([0, ...last(20)]);
    expect(most(10, 40)).toEqual([0, 21, ...last(10)]);
  });

  it('that show a leak which nothing has refuted stay, a hundred of them, however old', () => {
    const leaks = row('a', 120, 1);
    const kept = (...later: IsolationLook[]) =>
      timesOf(withAnswers(new Map(), [...leaks, ...later], { ...bounds, from: 1_000 }), 'a');
    expect(kept()).toEqual(leaks.slice(20).map(({ at }) => at));
    expect(kept(answer('a', 1_000))?.at(-1)).toBe(1_000);
    expect(kept(answer('a', 1_000), answer('a', 1_001))).toEqual([1_001]);
    const mixed = [answer('b', 0, 1), answer('b', 1), answer('b', 1_000, 1)];
    expect(timesOf(withAnswers(new Map(), mixed, { ...bounds, from: 1_000 }), 'b')).toEqual([0, 1, 1_000]);
  });
});

it('the newest answer is that of any question, or of those that are asked for', () => {
  const answers = withAnswers(new Map(), [answer('a', 1), answer('b', 3), answer('a', 3), answer('c', 2)], bounds);
  expect(newestAnswer(answers)?.at).toBe(3);
  expect(newestAnswer(withAnswers(answers, [answer('c', 4)], bounds))?.at).toBe(4);
  expect(newestAnswer(answers, ({ question }) => question === 'c')?.at).toBe(2);
  expect(newestAnswer(answers, () => false)).toBeUndefined();
});
