import { z } from 'zod';
import { absolutePath, regex } from '../../core/scalars.ts';

export const logsSchema = z.strictObject({
  output: absolutePath.describe(
    "File with the application's standard output after a rollback; `*` stands for any part of the file's name, never of a folder's.",
  ),
  error: absolutePath.describe("File with the application's standard error after a rollback, named in the same way."),
  eventStart: regex.prefault('.').describe('A line that matches begins a new event; others continue the one before.'),
  errorPattern: regex
    .prefault('(?i:error|exception|ECONNREFUSED|MongoServerError)')
    .describe('An event on standard error that matches counts as an error.'),
  startupLines: z
    .array(regex)
    .prefault([])
    .describe('What the legacy system writes when it starts well: each must match an event on its standard output.'),
  toleratedErrors: z.int().nonnegative().default(0).describe('How many errors since the start are normal.'),
});
export type LogsConfig = z.infer<typeof logsSchema>;
