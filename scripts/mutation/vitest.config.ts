import { defineConfig } from 'vitest/config';

/** The tests that the judgement is held to. */
export default defineConfig({
  test: {
    include: ['test/rules/**/*.test.ts', 'test/incident/**/*.test.ts', 'test/corpus/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
