import { z } from 'zod';
import { absolutePath, duration, innerPath, text } from '../../core/scalars.ts';

export const codeSchema = z.strictObject({
  adapter: z.literal('git').describe('What keeps the code: git is the only way so far.'),
  program: absolutePath.describe('The git program.'),
  repository: absolutePath.describe('Root of the checkout that the application runs from.'),
  serverFolder: innerPath
    .default('.')
    .describe('Folder of the server inside the checkout; `.` where they are the same.'),
  legacyRef: text.describe('Tag, branch or commit of the last good code, by its plain name or id.'),
  keep: z
    .array(innerPath)
    .default([])
    .describe(
      'Untracked files and folders that must survive the switch and be there after it, relative to the checkout.',
    ),
  releases: absolutePath.describe(
    'Folder in which the legacy code is made ready before any downtime, one folder for each run: on the same file system as the checkout, and apart from it.',
  ),
  timeout: duration.prefault('2m').describe('How long one command of git may take.'),
});
export type CodeConfig = z.infer<typeof codeSchema>;
