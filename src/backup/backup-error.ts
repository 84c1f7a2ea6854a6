import { RollbackdError } from '../core/errors.ts';

export type BackupFault =
  | 'backup-missing'
  | 'backup-empty'
  | 'wrong-level'
  | 'archive-unsupported'
  | 'database-absent'
  | 'collection-absent'
  | 'truncated'
  | 'garbage'
  | 'unpaired'
  | 'mixed-compression'
  | 'unsupported-collection'
  | 'unreadable'
  | 'aborted';

export class BackupError extends RollbackdError<BackupFault> {}

/** What the file system said, in the backup's terms. */
export function fileFault(path: string, cause: unknown): BackupError {
  if (cause instanceof BackupError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Error && cause.name === 'AbortError')
    return new BackupError('aborted', 'the scan was stopped', { cause });
  return new BackupError('unreadable', `${path} cannot be read: ${said}`, { cause });
}
