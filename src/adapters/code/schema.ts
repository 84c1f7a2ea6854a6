import { z } from 'zod';
import { absolutePath, duration, innerPath } from '../../core/scalars.ts';

export const codeSchema = z.strictObject({
  adapter: z.literal('git'),
  program: absolutePath,
  /** Root of the checkout that the application runs from. */
  repository: absolutePath,
  /** Folder of the server inside it; `.` where they are the same. */
  serverFolder: innerPath.default('.'),
  /** Tag, branch or commit of the last good code. */
  legacyRef: z.string().min(1),
  /** Untracked files and folders that must survive and be there after the switch, relative to the repository. */
  keep: z.array(innerPath).default([]),
  /** Where the legacy code is staged before any downtime: one folder a run. */
  releases: absolutePath,
  timeout: duration.prefault('2m'),
});
export type CodeConfig = z.infer<typeof codeSchema>;
