import { z } from 'zod';
import { absolutePath } from '../core/scalars.ts';

export const backupSchema = z.strictObject({
  path: absolutePath.describe(
    'The dump taken before the migration, copied with its file times (`cp -p`): a folder with one folder for each database, or with `all-databases/` that holds them.',
  ),
});
export type BackupConfig = z.infer<typeof backupSchema>;
