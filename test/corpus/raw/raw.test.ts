import { afterAll, describe, expect, it } from 'vitest';
import { play } from './play.ts';
import { scoreOf } from './score.ts';
import { stories } from './stories/all.ts';

describe('the stories of raw input', () => {
  const counts = { stories: 0, right: 0, wrong: 0, missed: 0, late: 0 };

  it.each(stories.map((story) => ({ title: story.title, story })))('$title', async ({ story }) => {
    const { happened, refused } = await play(story);
    const score = scoreOf(story, happened);
    counts.stories += 1;
    counts.wrong += score.wrong.length;
    counts.missed += score.missed.length;
    counts.late += score.late.length;
    if (score.wrong.length + score.missed.length + score.late.length === 0) counts.right += 1;
    expect({ refused, ...score }).toEqual({ refused: [], wrong: [], missed: [], late: [] });
  });

  it('are at least 90, each with a title of its own', () => {
    expect(new Set(stories.map(({ title }) => title)).size).toBe(stories.length);
    expect(stories.length).toBeGreaterThanOrEqual(90);
  });

  it.each(stories.map((story) => ({ title: story.title, story })))(
    'has time for what it expects: $title',
    ({ story }) => {
      for (const { from, to } of story.expected) {
        expect(from).toBeLessThan(to);
        expect(from).toBeLessThan(story.lasts);
      }
      for (const { to } of story.expected.filter(({ must }) => must)) expect(to).toBeLessThanOrEqual(story.lasts);
    },
  );

  afterAll(() => {
    process.stdout.write(
      `raw corpus: ${Object.entries(counts)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ')}\n`,
    );
  });
});
