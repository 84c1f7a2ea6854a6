import { afterAll, describe, expect, it } from 'vitest';
import { play } from './play.ts';
import { scoreOf } from './score.ts';
import type { Story } from './story.ts';

/** Each story, from its raw input to what people are told and what is done. */
export function tell(about: string, stories: readonly Story[]): void {
  const counts = { stories: 0, right: 0, wrong: 0, missed: 0, late: 0 };
  const titled = stories.map((story) => ({ title: story.title, story }));

  describe(`stories of raw input about ${about}`, () => {
    it.each(titled)('$title', { timeout: 120_000 }, async ({ story }) => {
      const { happened, refused } = await play(story);
      const score = scoreOf(story, happened);
      counts.stories += 1;
      counts.wrong += score.wrong.length;
      counts.missed += score.missed.length;
      counts.late += score.late.length;
      if (score.wrong.length + score.missed.length + score.late.length === 0) counts.right += 1;
      expect({ refused, ...score }).toEqual({ refused: [], wrong: [], missed: [], late: [] });
    });

    it.each(titled)('have time for what they expect: $title', ({ story: { expected, lasts } }) => {
      for (const { from, to } of expected) {
        expect(from).toBeLessThan(to);
        expect(from).toBeLessThan(lasts);
      }
      for (const { to } of expected.filter(({ must }) => must)) expect(to).toBeLessThanOrEqual(lasts);
    });

    afterAll(() => {
      const said = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
      process.stdout.write(`raw corpus, ${about}: ${said.join(', ')}\n`);
    });
  });
}
