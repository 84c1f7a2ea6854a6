import { fileURLToPath } from 'node:url';
import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import { alterNumbers } from './numbers.ts';

await alterNumbers();

/** `npm run mutation`: which tests fail when one threshold, comparison or guard of the judgement is another. */
const options: PartialStrykerOptions = {
  packageManager: 'npm',
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
  plugins: [fileURLToPath(new URL('./runner.ts', import.meta.url))],
  mutate: ['src/rules/**/*.ts', 'src/incident/**/*.ts'],
  // What people read is not judged by, and what a list or an object holds has its own operators.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration', 'Regex', 'ArrowFunction'] },
  ignorePatterns: ['/docs', '/deploy', '/sandbox', '/bench', '/dist', '/.ci'],
  // TypeScript 7 has no interface for programs to read its configuration with, and nothing here needs it.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  checkers: [],
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'node_modules/.cache/mutation/report.json' },
  tempDirName: 'node_modules/.cache/mutation/sandbox',
  incremental: false,
};
export default options;
