import { expect, it } from 'vitest';
import { stories } from './all.ts';

it('tells at least 190 stories of raw input, each with a title of its own', () => {
  expect(new Set(stories.map(({ title }) => title)).size).toBe(stories.length);
  expect(stories.length).toBeGreaterThanOrEqual(190);
});
