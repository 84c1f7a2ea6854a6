import { afterAll, describe, expect, it } from 'vitest';
import type { Happened } from './simulate.ts';
import { play } from './simulate.ts';
import { aftermathStories } from './stories/aftermath.ts';
import { leakStories } from './stories/leaks.ts';
import { outageStories } from './stories/outages.ts';
import { powerStories } from './stories/power.ts';
import { requestStories } from './stories/requests.ts';
import type { ExpectedAct, Story } from './story.ts';

const stories: readonly Story[] = [
  ...leakStories,
  ...outageStories,
  ...powerStories,
  ...aftermathStories,
  ...requestStories,
];

const said = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** Each act answers one expectation at most: acts left over are wrong, expectations left over are missed. */
function compare(expected: readonly ExpectedAct[], happened: readonly Happened[]) {
  const wrong = [...happened];
  const missed = expected.filter(({ act, from, to }) => {
    const index = wrong.findIndex((one) => one.act === act && one.at >= from && one.at <= to);
    if (index >= 0) wrong.splice(index, 1);
    return index < 0;
  });
  return {
    wrong: wrong.map(({ act, at }) => `${act} at ${said(at)}`),
    missed: missed.map(({ act, from, to }) => `${act} between ${said(from)} and ${said(to)}`),
  };
}

describe('the corpus of timed stories', () => {
  const counts = { told: 0, wrong: 0, missed: 0 };

  it.each(stories.map((story) => ({ title: story.title, story })))('$title', ({ story }) => {
    const told = play(story);
    const acts = compare(story.acts, told.acts);
    counts.told += 1;
    counts.wrong += acts.wrong.length;
    counts.missed += acts.missed.length;
    expect({ faults: told.faults, ...acts }).toEqual({ faults: [], wrong: [], missed: [] });
  });

  it('has at least 25 stories, each with a title of its own', () => {
    expect(new Set(stories.map(({ title }) => title)).size).toBe(stories.length);
    expect(stories.length).toBeGreaterThanOrEqual(25);
  });

  afterAll(() => {
    process.stdout.write(`corpus: ${counts.told} stories, ${counts.wrong} wrong acts, ${counts.missed} missed acts\n`);
  });
});
