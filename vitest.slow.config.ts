import { defineConfig } from 'vitest/config';

/** Whole cafés on real servers: one at a time, since each fills a small machine. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    globalSetup: ['test/sandbox/prepared-cafes.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
