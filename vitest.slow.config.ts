import { defineConfig } from 'vitest/config';

/** Whole cafés on real servers. They wait more than they work: two at a time share a small machine well. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    globalSetup: ['test/sandbox/prepared-cafes.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    experimental: { viteModuleRunner: false },
  },
});
