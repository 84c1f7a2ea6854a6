import { RollbackdError } from '../../core/errors.ts';
import type { OpenLogs } from './open-logs.ts';

/** Errors: RollbackdError with reason `log-unreadable`, where there is no such file. */
export function expectFile(file: string, { families }: OpenLogs): void {
  if (families.some(({ current, rotated }) => current !== undefined || rotated.length > 0)) return;
  throw new RollbackdError('log-unreadable', `there is no log at ${file}`, {
    remedy: 'name the file that the balancer writes, and let it be written once',
  });
}
