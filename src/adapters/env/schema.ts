import { z } from 'zod';
import { absolutePath } from '../../core/scalars.ts';

export const envSchema = z.strictObject({
  adapter: z.literal('dotenv'),
  /** The file that the application reads. */
  file: absolutePath,
  /** The legacy values, to be copied over it. */
  legacyFile: absolutePath,
  /** Variables that hold a database URI. A `{tenant}` placeholder stands for each slug. */
  uriVariables: z.array(z.string().min(1)).min(1),
});
export type EnvConfig = z.infer<typeof envSchema>;
