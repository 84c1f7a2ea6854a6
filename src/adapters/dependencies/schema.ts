import { z } from 'zod';
import { absolutePath, duration, innerPath } from '../../core/scalars.ts';

export const dependenciesSchema = z.strictObject({
  adapter: z.literal('npm').describe('What installs the packages: npm is the only way so far.'),
  program: absolutePath.describe('The npm program; `process.node` runs it.'),
  folder: innerPath.default('.').describe('Folder with package.json and its lock file, relative to the checkout.'),
  install: z
    .array(z.string())
    .default(['ci', '--omit=dev'])
    .describe('Arguments with which npm installs the packages of the legacy code.'),
  list: z
    .array(z.string())
    .default(['list', '--depth=0', '--omit=dev', '--json'])
    .describe('Arguments with which npm tells what is installed, as a second proof. Without `--json` it is not asked.'),
  home: absolutePath
    .optional()
    .describe(
      "HOME for npm, with its cache and .npmrc. Left out, the home of rollbackd's user, or where that cannot be written `npm-home` in `code.releases`.",
    ),
  environment: z
    .record(z.string(), z.string())
    .default({})
    .describe('What npm and the scripts of packages get besides PATH and HOME: a proxy, a registry, a token.'),
  timeout: duration.prefault('15m').describe('How long one command of npm may take.'),
});
export type DependenciesConfig = z.infer<typeof dependenciesSchema>;
