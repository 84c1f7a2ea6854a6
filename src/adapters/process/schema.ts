import { z } from 'zod';
import { absolutePath, duration } from '../../core/scalars.ts';

export const processSchema = z.strictObject({
  adapter: z.literal('pm2'),
  /** The pm2 program, and the Node that runs it and, in fork mode, the application. */
  program: absolutePath,
  node: absolutePath.refine(
    (path) => path.endsWith('/node'),
    'must be a file called node: in fork mode pm2 runs the application by that name from the PATH',
  ),
  home: absolutePath,
  /** Exact names of the target's processes in that pm2. */
  names: z.array(z.string().regex(/^[^\s,]+$/, 'must hold neither blanks nor commas')).min(1),
  instances: z.int().positive().default(1),
  ecosystemFile: absolutePath,
  /** Where the application runs; absent: the server's folder in the repository. */
  workingDirectory: absolutePath.optional(),
  environmentName: z.string().default('production'),
  /** The whole environment of the application besides PATH, HOME and PM2_HOME: nothing of the daemon's own leaks in. */
  environment: z.record(z.string(), z.string()).default({}),
  /** Variables that decide which database is used: proven absent or right in the environment really in force. */
  databaseVariables: z.array(z.string()).min(1),
  timeout: duration.prefault('60s'),
});
export type ProcessConfig = z.infer<typeof processSchema>;
