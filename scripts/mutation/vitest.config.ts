import { defineConfig } from 'vitest/config';

/** Properties try ten inputs for each mutant, so that it takes a second and not a minute. */
const fewRuns = {
  name: 'few runs of a property',
  transform: (code: string, file: string) =>
    file.endsWith('.test.ts') ? code.replace(/\{ numRuns: [\d_]+ \}/g, '{ numRuns: 10 }') : undefined,
};

/** The tests that the judgement is held to, without whole stories: each mutant would take minutes of them. */
export default defineConfig({
  plugins: [fewRuns],
  test: {
    include: ['test/rules/**/*.test.ts', 'test/incident/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
