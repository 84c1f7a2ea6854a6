import { z } from 'zod';
import { absolutePath, regex } from '../../core/scalars.ts';

export const logsSchema = z.strictObject({
  /** Files of the application after the rollback; `*` stands for one part of a file name. */
  output: absolutePath,
  error: absolutePath,
  /** A line that begins a new event; others continue the one before. */
  eventStart: regex.prefault('.'),
  /** An event that counts as an error. */
  errorPattern: regex.prefault('(?i:error|exception|ECONNREFUSED|MongoServerError)'),
  /** Lines that the legacy system writes when it starts well, each looked for. */
  startupLines: z.array(regex).default([]),
  /** Errors within the look after a start that are normal. */
  toleratedErrors: z.int().nonnegative().default(0),
});
export type LogsConfig = z.infer<typeof logsSchema>;
