import { z } from 'zod';
import { absolutePath, duration } from '../../core/scalars.ts';

export const processSchema = z.strictObject({
  adapter: z.literal('pm2').describe('What keeps the processes running: pm2 is the only one so far.'),
  program: absolutePath.describe('The pm2 program, version 4 to 7.'),
  node: absolutePath
    .refine(
      (path) => path.endsWith('/node'),
      'must be a file called node: in fork mode pm2 runs the application by that name from the PATH',
    )
    .describe(
      "The application's Node, a file called `node`, which need not be rollbackd's: it runs pm2 and npm and, in fork mode, the application.",
    ),
  home: absolutePath.describe("The PM2_HOME of the application's pm2."),
  names: z
    .array(z.string().regex(/^[^\s,]+$/, 'must hold neither blanks nor commas'))
    .min(1)
    .describe("Exact names of the application's processes in that pm2, no ids or patterns: nothing else is stopped."),
  instances: z
    .int()
    .positive()
    .default(1)
    .describe('How many processes of these names, all together, are online when it runs as it should.'),
  ecosystemFile: absolutePath.describe('The ecosystem file that pm2 starts the legacy application from.'),
  workingDirectory: absolutePath
    .optional()
    .describe('Folder that the application runs in. Left out, `code.serverFolder` in `code.repository`.'),
  environmentName: z
    .string()
    .default('production')
    .describe('Which environment of the ecosystem file counts, as `pm2 start --env` takes it.'),
  environment: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      "What pm2 gets to hand on to the application besides PATH, HOME and PM2_HOME: nothing of rollbackd's own environment leaks in.",
    ),
  databaseVariables: z
    .array(z.string())
    .min(1)
    .describe(
      'Variables that decide which database is used: in the environment really in force each must be absent, or as `env.legacyFile` has it.',
    ),
  timeout: duration
    .prefault('60s')
    .describe(
      'How long one command of pm2 may take, and how long until the processes are gone or online and `logs.startupLines` are written.',
    ),
});
export type ProcessConfig = z.infer<typeof processSchema>;
