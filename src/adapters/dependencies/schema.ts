import { z } from 'zod';
import { absolutePath, duration, innerPath } from '../../core/scalars.ts';

export const dependenciesSchema = z.strictObject({
  adapter: z.literal('npm'),
  /** npm's program; it runs under the target's Node. */
  program: absolutePath,
  /** Folder with package.json and its lock, relative to the repository. */
  folder: innerPath.default('.'),
  install: z.array(z.string()).default(['ci', '--omit=dev']),
  list: z.array(z.string()).default(['list', '--depth=0', '--omit=dev', '--json']),
  /** HOME for npm: its cache and .npmrc. Absent: the home of rollbackd's user, or where that cannot be written `npm-home` in code.releases. */
  home: absolutePath.optional(),
  timeout: duration.prefault('15m'),
});
export type DependenciesConfig = z.infer<typeof dependenciesSchema>;
