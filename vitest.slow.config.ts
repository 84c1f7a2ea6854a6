import { defineConfig } from 'vitest/config';

/** Whole cafés on real servers. They wait more than they work: three at a time keep a small machine busy. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    globalSetup: ['test/sandbox/prepared-cafes.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 3,
    experimental: { viteModuleRunner: false },
  },
});
