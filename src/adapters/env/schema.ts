import { z } from 'zod';
import { absolutePath, text } from '../../core/scalars.ts';

export const envSchema = z.strictObject({
  adapter: z.literal('dotenv').describe('How the file is written: as dotenv reads it is the only way so far.'),
  file: absolutePath.describe('The file that the application reads. A rollback replaces it and keeps what was there.'),
  legacyFile: absolutePath.describe('The file with the legacy values, copied over `env.file`. It must be another one.'),
  uriVariables: z
    .array(text)
    .min(1)
    .describe(
      'Variables that hold the address of a database: the legacy file must set each of them, and none may lead to the unified database. `{tenant}` in an address stands for each slug.',
    ),
  databaseVariable: text
    .optional()
    .describe(
      'Variable that names the database beside the address, as `dbName` of mongoose does: where it is set, it wins over the name in the address.',
    ),
});
export type EnvConfig = z.infer<typeof envSchema>;
