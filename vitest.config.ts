import { defineConfig } from 'vitest/config';
import { StoriesBetween } from './test/stories-between.ts';

/** Rooms whose tests leave nothing behind in their process: their files share it, which saves loading the libraries for each. */
const sharing = [
  ...['actions', 'backup', 'baseline', 'cli', 'commands', 'config', 'core', 'engine', 'incident', 'journal'],
  ...['metrics', 'notify', 'probes', 'recorder', 'rollback', 'rules', 'watch'],
].map((room) => `test/${room}/**/*.test.ts`);

const patience = { testTimeout: 30_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // One more than there are cores at least: whoever starts programs mostly waits for them.
    maxWorkers: 3,
    sequence: { sequencer: StoriesBetween },
    // Node reads TypeScript by itself. Imported by vite, the judgement of a story takes three times as long.
    experimental: { viteModuleRunner: false },
    projects: [
      {
        test: {
          ...patience,
          name: 'on programs',
          include: ['test/**/*.test.ts'],
          exclude: ['test/slow/**', ...sharing],
          globalSetup: ['test/sandbox/prepared-cafes.ts'],
        },
      },
      { test: { ...patience, name: 'rooms', include: sharing, isolate: false } },
    ],
  },
});
