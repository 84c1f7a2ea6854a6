import { z } from 'zod';
import { absolutePath } from '../core/scalars.ts';

export const backupSchema = z.strictObject({
  /** The dump taken before the migration: a folder with one folder a database, or with `all-databases/` that holds them. */
  path: absolutePath,
});
export type BackupConfig = z.infer<typeof backupSchema>;
